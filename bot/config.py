"""The configuration: one TOML file, a few environment variables, and defaults that suit a desk.

The only module that reads the environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from bot.backend_tables import build_backend, read_backend
from bot.checks import Secret, host_and_port
from bot.config_files import Environ, Place, checked, open_toml, read
from bot.defaults import usual
from bot.description import describe
from bot.quotas import read_quotas, read_roles
from bot.settings import BackendTable, Config
from domain.errors import ConfigError

SKILLS = ("chat", "vision", "hear", "speak", "embed", "image", "video")
SECTIONS = (
    "telegram",
    "access",
    "storage",
    "answers",
    "categories",
    "health",
    "logging",
    "voice",
    "documents",
    "drawing",
    "cards",
)
OVERRIDES = {
    "TELEGRAM_API_BASE": ("telegram", "api_base"),
    "HEARTHBOT_DATABASE_URL": ("storage", "database_url"),
    "HEARTHBOT_DATA_DIR": ("storage", "data_dir"),
    "HEARTHBOT_LOG_LEVEL": ("logging", "level"),
}
"""What a container sets: the variable, and the table and key that it overrides."""


def load(path: Path | None = None, environ: Environ = os.environ) -> Config:
    """Read the configuration; raises ConfigError where any of it cannot be used.

    The file is `path`, else what HEARTHBOT_CONFIG names, else ./config.toml if there is one.
    """
    file = _find(path, environ)
    raw = open_toml(file) if file else {}
    source = str(file) if file else "defaults"
    _refuse_unknown(raw, source)
    hints = get_type_hints(Config)
    sections: dict[str, Any] = {
        name: read(hints[name], _overlaid(name, raw, environ), Place(source, f"[{name}]"), environ)
        for name in SECTIONS
    }
    if token := environ.get("TELEGRAM_TOKEN", "").strip():
        sections["telegram"] = replace(sections["telegram"], token=Secret(token))
    embedded = _embedded(raw, source)
    chains: dict[str, Any] = {
        skill: _chain(skill, raw, source, environ)
        if skill in raw
        else usual(skill, embedded=embedded)
        for skill in SKILLS
    }
    limits: dict[str, Any] = {"quota": read_quotas(raw, source), "roles": read_roles(raw, source)}
    return Config(source=source, embedded=embedded, **limits, **sections, **chains)


def environment_for(config: Config, environ: Environ = os.environ) -> dict[str, str]:
    """The environment in which another process of ours reads the same, whatever was overridden."""
    settings = {
        variable: str(getattr(getattr(config, section), key))
        for variable, (section, key) in OVERRIDES.items()
    }
    token = config.telegram.token
    return {**environ, **settings, "TELEGRAM_TOKEN": token.reveal() if token else ""}


def secrets_of(config: Config) -> tuple[str, ...]:
    """Every text that no log and no screen may show."""
    tables = (table.api_key for skill in SKILLS for table in getattr(config, skill))
    known = (config.telegram.token, config.telegram.webhook.secret, *tables)
    password = urlsplit(config.storage.database_url).password
    return (*(one.reveal() for one in known if one), *([password] if password else []))


def _find(path: Path | None, environ: Environ) -> Path | None:
    if path is not None:
        return path
    if named := environ.get("HEARTHBOT_CONFIG", "").strip():
        return Path(named)
    usual = Path("config.toml")
    return usual if usual.exists() else None


def _refuse_unknown(raw: Mapping[str, Any], source: str) -> None:
    known = {one.name for one in fields(Config)} - {"source"}
    for name, value in raw.items():
        if name in known:
            continue
        shape = "table" if isinstance(value, dict | list) else "key"
        raise Place(source, "").unknown(name, known, shape)


def _overlaid(section: str, raw: Mapping[str, Any], environ: Environ) -> object:
    """The table with what the environment overrides; an empty variable overrides nothing."""
    table = raw.get(section, {})
    hint = get_type_hints(Config)[section]
    for variable, (owner, key) in OVERRIDES.items():
        text = environ.get(variable, "").strip()
        if owner == section and text and isinstance(table, dict):
            one = next(one for one in fields(hint) if one.name == key)
            try:
                checked(one, get_type_hints(hint)[key], text)
            except ValueError as error:
                raise Place("environment", variable).error("", str(error)) from error
            table = {**table, key: text}
    return table


def _embedded(raw: Mapping[str, Any], source: str) -> bool:
    value = raw.get("embedded", True)
    if not isinstance(value, bool):
        raise Place(source, "").error("embedded", "wanted true or false")
    return value


def _chain(
    skill: str, raw: Mapping[str, Any], source: str, environ: Environ
) -> tuple[BackendTable, ...]:
    tables = raw.get(skill, [])
    if not isinstance(tables, list):
        raise Place(source, f"[{skill}]").error("", f"is a list: write [[{skill}]]")
    return tuple(
        read_backend(skill, number, table, source, environ)
        for number, table in enumerate(tables, start=1)
    )


__all__ = [
    "BackendTable",
    "Config",
    "ConfigError",
    "Secret",
    "build_backend",
    "describe",
    "environment_for",
    "host_and_port",
    "load",
    "secrets_of",
]
