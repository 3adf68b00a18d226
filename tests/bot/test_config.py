"""The configuration: its defaults, its errors, its overrides, and that it keeps secrets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import OVERRIDES, ConfigError, Secret, describe, load, secrets_of
from bot.quota_settings import RoleQuota
from tests.bot.configured import PARROT, TOKEN, complaint, loaded

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"


def test_without_a_file_the_defaults_ask_mlx_then_ollama_then_the_embedded_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file and no variable give a bot that finds what runs on the machine."""
    monkeypatch.chdir(tmp_path)
    config = load(None, {})
    assert [
        ("OpenAIChat", "http://127.0.0.1:11435/v1"),
        ("OllamaChat", "http://127.0.0.1:11434"),
        ("EmbeddedLlamaChat", ""),
    ] == [(table.use.partition(":")[2], table.url) for table in config.chat]
    assert config.chat[1].model == "phi3.5:3.8b"
    assert config.telegram.token is None


@pytest.mark.parametrize(
    ("skill", "expected"),
    [
        (
            "hear",
            [
                ("WhisperCppTranscriber", "http://127.0.0.1:8178"),
                ("WyomingTranscriber", "tcp://127.0.0.1:10300"),
                ("EmbeddedWhisperTranscriber", ""),
            ],
        ),
        (
            "speak",
            [
                ("PiperHttpSynthesizer", "http://127.0.0.1:5000"),
                ("WyomingSynthesizer", "tcp://127.0.0.1:10200"),
                ("EmbeddedPiperSynthesizer", ""),
            ],
        ),
    ],
)
def test_without_a_file_speech_is_for_what_usually_runs_then_for_our_own(
    tmp_path: Path, skill: str, expected: list[tuple[str, str]]
) -> None:
    """Whoever names servers for one skill keeps the defaults of the others."""
    config = loaded(tmp_path, f"[[chat]]\n{PARROT}")
    tables = getattr(config, skill)
    assert expected == [(table.use.partition(":")[2], table.url) for table in tables]


@pytest.mark.parametrize("skill", ["chat", "hear", "speak"])
def test_embedded_false_leaves_our_own_engines_out(tmp_path: Path, skill: str) -> None:
    """`embedded = false` shortens each default chain by its last backend."""
    with_it, without = loaded(tmp_path, ""), loaded(tmp_path, "embedded = false")
    assert getattr(with_it, skill)[:-1] == getattr(without, skill)
    assert not any("embedded" in table.use for table in getattr(without, skill))


@pytest.mark.parametrize("skill", ["chat", "hear", "speak"])
def test_an_empty_list_switches_a_skill_off(tmp_path: Path, skill: str) -> None:
    """Who wants no speech says so in one line, and no port is knocked at."""
    assert () == getattr(loaded(tmp_path, f"{skill} = []"), skill)


def test_tables_of_the_file_replace_the_default_chain_in_their_order(tmp_path: Path) -> None:
    """Whoever lists backends gets these, in this order, and no others."""
    text = "".join(f'[[chat]]\nlabel = "{name}"\n{PARROT}' for name in ("second", "first"))
    assert ["second", "first"] == [table.label for table in loaded(tmp_path, text).chat]


def test_the_file_is_the_one_named_then_the_variable_then_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--config` wins over HEARTHBOT_CONFIG, and that over ./config.toml."""
    for name in ("named", "variable", "config"):
        (tmp_path / f"{name}.toml").write_text(f'[answers]\nsystem_prompt = "{name}"\n')
    monkeypatch.chdir(tmp_path)
    environ = {"HEARTHBOT_CONFIG": str(tmp_path / "variable.toml")}
    found = [load(tmp_path / "named.toml", environ), load(None, environ), load(None, {})]
    assert ["named", "variable", "config"] == [one.answers.system_prompt for one in found]


def test_a_file_that_was_named_and_is_missing_is_an_error(tmp_path: Path) -> None:
    """Only the usual file may be missing."""
    with pytest.raises(ConfigError, match=r"absent\.toml: cannot be read: No such file"):
        load(tmp_path / "absent.toml", {})
    with pytest.raises(ConfigError, match=r"absent\.toml: cannot be read"):
        load(None, {"HEARTHBOT_CONFIG": str(tmp_path / "absent.toml")})


def test_the_environment_overrides_what_a_container_sets(tmp_path: Path) -> None:
    """The five variables win over the file; an empty one says nothing."""
    text = (
        '[telegram]\ntoken_env = "MINE"\napi_base = "http://file"\n'
        '[storage]\ndatabase_url = "sqlite:///file.db"\ndata_dir = "file"\n'
        '[logging]\nlevel = "ERROR"\n'
    )
    environ = {
        "MINE": "from the file's variable",
        "TELEGRAM_TOKEN": "from the container",
        "TELEGRAM_API_BASE": "http://environment/",
        "HEARTHBOT_DATABASE_URL": "postgresql://environment/x",
        "HEARTHBOT_DATA_DIR": "/environment",
        "HEARTHBOT_LOG_LEVEL": "debug",
    }
    over = loaded(tmp_path, text, environ)
    assert Secret("from the container") == over.telegram.token
    assert over.telegram.api_base == "http://environment"
    assert over.storage.database_url == "postgresql://environment/x"
    assert Path("/environment") == over.storage.data_dir
    assert over.logging.level == "DEBUG"
    plain = loaded(tmp_path, text, {"MINE": "mine", **dict.fromkeys(OVERRIDES, " ")})
    assert Secret("mine") == plain.telegram.token
    assert plain.telegram.api_base == "http://file"
    assert plain.storage.database_url == "sqlite:///file.db"
    assert plain.logging.level == "ERROR"


def test_a_variable_that_cannot_be_used_is_an_error_that_names_it(tmp_path: Path) -> None:
    """The environment is checked just as the file is."""
    expected = 'environment: HEARTHBOT_LOG_LEVEL: wanted one of "DEBUG", "INFO", "WARNING", "ERROR"'
    assert expected == complaint(tmp_path, "", {"HEARTHBOT_LOG_LEVEL": "loud"})


def test_the_database_lies_in_the_data_folder_unless_it_is_named(tmp_path: Path) -> None:
    """Moving the data folder moves the database with it."""
    moved = loaded(tmp_path, "", {"HEARTHBOT_DATA_DIR": "/data"})
    assert loaded(tmp_path, "").storage.database_url == "sqlite:///data/hearthbot.db"
    assert moved.storage.database_url == "sqlite:////data/hearthbot.db"


def test_nothing_that_shows_the_configuration_shows_a_secret(tmp_path: Path) -> None:
    """Neither repr nor the description holds a token, a key or a password."""
    text = (
        f'[[chat]]\n{PARROT}api_key_env = "KEY"\nheaders = {{ X = "hidden-header" }}\n'
        '[[chat]]\nuse = "tests.bot.strange_backends:Parrot"\nurl = "http://me:hidden-login@host"\n'
    )
    secrets = {
        "TELEGRAM_TOKEN": TOKEN,
        "HEARTHBOT_WEBHOOK_SECRET": "hidden-word",
        "KEY": "hidden-key",
        "HEARTHBOT_DATABASE_URL": "postgresql://me:hidden-pass@host/db",
    }
    config = loaded(tmp_path, text, secrets)
    for shown in (repr(config), str(config), f"{config}", describe(config)):
        assert TOKEN not in shown
        assert "hidden" not in shown
    assert "telegram.token = set, not shown" in describe(config)
    assert "storage.database_url = postgresql://***@host/db" in describe(config)
    assert {TOKEN, "hidden-word", "hidden-key", "hidden-pass"} == set(secrets_of(config))


def test_the_description_tells_every_setting_a_line(tmp_path: Path) -> None:
    """Lists, limits, what is missing and which backends are asked."""
    text = (
        f"[access]\nadmins = [42, 43]\n[quota.video]\nper_day = 5\n[[chat]]\n{PARROT}cloud = true"
    )
    lines = describe(loaded(tmp_path, text)).splitlines()
    assert "access.admins = 42, 43" in lines
    assert "access.allow = none" in lines
    assert "quota.video.per_day = 5" in lines
    assert "quota.video.per_month = not set" in lines
    assert "quota.video.queue_limit = 20" in lines
    assert "telegram.token = missing" in lines
    assert (
        "chat.1 = tests.bot.strange_backends:Parrot url=http://127.0.0.1:1 slots=2 cloud" in lines
    )


@given(text=st.text(min_size=1))
def test_a_secret_hides_itself_however_it_is_shown(text: str) -> None:
    """Only `reveal` tells; two secrets of the same text are equal."""
    secret = Secret(text)
    assert ("***", "***", "Secret(***)", "***  ") == (
        str(secret),
        f"{secret}",
        repr(secret),
        f"{secret:5}",
    )
    assert text == secret.reveal()
    assert Secret(text) == secret


def test_the_environment_of_the_process_is_the_default() -> None:
    """A program that passes nothing reads its own environment."""
    code = "from bot.config import load; print(load().logging.level)"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "HEARTHBOT_LOG_LEVEL": "error"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "ERROR"


def test_a_queue_has_an_end_even_where_the_file_says_nothing(tmp_path: Path) -> None:
    """One machine can only do so much; the file may say more, or less, of each."""
    video, image = loaded(tmp_path, "").quota["video"], loaded(tmp_path, "").quota["image"]
    assert (20, 2, 6.0) == (video.queue_limit, video.per_user_waiting, video.max_seconds)
    assert (100, 5) == (image.queue_limit, image.per_user_waiting)
    changed = loaded(tmp_path, "[quota.video]\nqueue_limit = 3\n").quota["video"]
    assert (3, 2, 6.0) == (changed.queue_limit, changed.per_user_waiting, changed.max_seconds)


def test_a_role_says_only_what_is_another_for_its_people(tmp_path: Path) -> None:
    """The rest is as for everybody, in whatever order the tables stand."""
    text = "[roles.family]\npeople = [1, 2]\n[roles.family.quota.video]\nper_day = 20\n"
    role = loaded(tmp_path, text).roles["family"]
    assert (1, 2) == role.people
    assert RoleQuota(per_day=20) == role.quota["video"]
    assert {"video"} == set(role.quota)
