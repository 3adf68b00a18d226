"""The example configuration is true and complete."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.backend_tables import backend_class
from bot.config import SECTIONS, Config, load
from bot.defaults import usual
from bot.quota_settings import Quota, Role, RoleQuota
from bot.settings import BackendTable
from domain.routes import Category
from tests.bot.configured import loaded, settings_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"


def everything(text: str) -> str:
    """The example with every setting that is switched off switched on."""
    return re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_the_example_loads_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copying the example as it stands gives the defaults."""
    monkeypatch.chdir(tmp_path)
    defaults, example = load(None, {}), load(EXAMPLE, {})
    for one in fields(Config):
        if one.name != "source":
            assert getattr(defaults, one.name) == getattr(example, one.name), one.name


def test_the_example_loads_with_everything_switched_on(tmp_path: Path) -> None:
    """No setting of the example is a mistake, switched off or not."""
    text = everything(EXAMPLE.read_text(encoding="utf-8"))
    config = loaded(tmp_path, text, {"CLOUD_API_KEY": "key"})
    assert ["MLX", "Ollama", "Cloud", ""] == [table.label for table in config.chat]
    assert (Category.DEFAULT, Category.COMPLEX) == config.chat[0].categories
    skills = ("vision", "hear", "speak", "embed", "image", "video")
    assert [4, 4, 4, 2, 2, 1] == [len(getattr(config, skill)) for skill in skills]
    assert config.quota["video"].per_day == 5
    assert (42, 43) == config.roles["family"].people
    assert config.roles["admins"].quota["video"].unlimited


def test_the_example_names_every_setting() -> None:
    """A setting that the example does not explain does not exist for its owner."""
    example = tomllib.loads(everything(EXAMPLE.read_text(encoding="utf-8")))
    assert settings_of(Config, ("quota", "roles")) <= keys_of(example)
    quotas = {key for table in example["quota"].values() for key in table}
    roles = list(example["roles"].values())
    backends = {key for skill in ("chat", "video") for table in example[skill] for key in table}
    assert {one.name for one in fields(Quota)} == quotas
    assert {one.name for one in fields(Role)} == {key for one in roles for key in one}
    assert {one.name for one in fields(RoleQuota)} == {
        key for one in roles for table in one["quota"].values() for key in table
    }
    internal = {"skill", "position", "source", "options", "api_key"}
    assert {one.name for one in fields(BackendTable)} - internal <= backends
    assert set(SECTIONS) <= set(example)


def test_the_example_names_every_setting_of_our_chat_backends() -> None:
    """What a class of ours can be told is told here, too."""
    example = tomllib.loads(everything(EXAMPLE.read_text(encoding="utf-8")))
    explained: dict[str, set[str]] = {}
    for table in example["chat"]:
        explained.setdefault(table["use"], set()).update(table)
    for table in usual("chat", embedded=True):
        names = {one.name for one in fields(backend_class(table)) if one.init}
        given = {"wire", "data_dir", "api_key", "label"}
        assert names - given <= explained[table.use]


def keys_of(table: Mapping[str, Any]) -> set[str]:
    """The dotted names of all keys of a table."""
    names: set[str] = set()
    for key, value in table.items():
        inner = {f"{key}.{name}" for name in keys_of(value)} if isinstance(value, dict) else {key}
        names |= inner
    return names
