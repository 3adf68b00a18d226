"""A configuration that cannot be used is refused in one sentence that says where and why."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checks import host_and_port
from bot.config import Config, ConfigError, Secret, load
from tests.bot.configured import PARROT, TOKEN, complaint, loaded, settings_of


@pytest.mark.parametrize("broken", [b"[telegram\n", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, broken: bytes) -> None:
    """Bad TOML and bad UTF-8 end in one sentence, not in a traceback."""
    file = tmp_path / "config.toml"
    file.write_bytes(broken)
    with pytest.raises(ConfigError, match=r"config\.toml: is not TOML: "):
        load(file, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[telegrm]", 'config.toml: telegrm: unknown table; the nearest known table is "telegram"'),
        (
            "embeded = true",
            'config.toml: embeded: unknown key; the nearest known key is "embedded"',
        ),
        (
            "[telegram]\ntoken_evn = 'X'",
            'config.toml: [telegram] token_evn: unknown key; the nearest known key is "token_env"',
        ),
        (
            "[telegram.webhook]\nurll = 'X'",
            'config.toml: [telegram.webhook] urll: unknown key; the nearest known key is "url"',
        ),
        (
            "[quota.vidoe]",
            'config.toml: [quota] vidoe: unknown table; the nearest known table is "video"',
        ),
        (
            "[quota.embed]",
            'config.toml: [quota] embed: unknown table; the nearest known table is "image"',
        ),
        (
            "[quota.video]\nperday = 1",
            'config.toml: [quota.video] perday: unknown key; the nearest known key is "per_day"',
        ),
        (
            "[roles.admins.quota.vide]",
            (
                "config.toml: [roles.admins.quota] vide: unknown table; "
                'the nearest known table is "video"'
            ),
        ),
        (
            "[roles.admins.quota.hear]",
            (
                "config.toml: [roles.admins.quota] hear: unknown table; "
                'the nearest known table is "video"'
            ),
        ),
        (
            "[roles.family]\npeopel = [1]",
            'config.toml: [roles.family] peopel: unknown key; the nearest known key is "people"',
        ),
        (
            "[roles.admins.quota.video]\nperday = 1",
            (
                "config.toml: [roles.admins.quota.video] perday: unknown key; "
                'the nearest known key is "per_day"'
            ),
        ),
        (
            f"[[chat]]\n{PARROT}mod = 1",
            'config.toml: [[chat]] number 1 mod: unknown key; the nearest known key is "mood"',
        ),
        (
            f"[[chat]]\n{PARROT}[[chat]]\n{PARROT}label_ = 'x'",
            'config.toml: [[chat]] number 2 label_: unknown key; the nearest known key is "label"',
        ),
    ],
)
def test_an_unknown_name_is_an_error_with_the_nearest_known_one(
    tmp_path: Path, text: str, expected: str
) -> None:
    """The error names file, table, key and what was probably meant."""
    assert expected == complaint(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[telegram]\ndrafts = 1", "[telegram] drafts: wanted true or false, found a whole number"),
        (
            "[telegram]\nmax_age_seconds = true",
            "[telegram] max_age_seconds: wanted a whole number, found true or false",
        ),
        (
            "[telegram]\nmax_age_seconds = 1.5",
            "[telegram] max_age_seconds: wanted a whole number, found a number",
        ),
        (
            "[telegram]\nmessages_per_second = '30'",
            "[telegram] messages_per_second: wanted a whole number, found a text in quotes",
        ),
        ("[telegram]\nmode = 'pull'", '[telegram] mode: wanted one of "polling", "webhook"'),
        ("[access]\nadmins = 42", "[access] admins: wanted a list, found a whole number"),
        (
            "[access]\nadmins = ['me']",
            "[access] admins: wanted a whole number, found a text in quotes",
        ),
        (
            "[storage]\ndata_dir = 1979-05-27",
            "[storage] data_dir: wanted a text in quotes, found a date",
        ),
        ("telegram = 1", "[telegram]: wanted a table, found a whole number"),
        ("[telegram]\nwebhook = 1", "[telegram.webhook]: wanted a table, found a whole number"),
        ("roles = [1]", "[roles]: wanted a table, found a list"),
        ("[roles]\nfamily = [1]", "[roles.family]: wanted a table, found a list"),
        (
            "[roles.family]\npeople = [1]\nquota = 5",
            "[roles.family.quota]: wanted a table, found a whole number",
        ),
        (
            "[roles.family]\npeople = ['me']",
            "[roles.family] people: wanted a whole number, found a text in quotes",
        ),
        ("[chat]\nuse = 'x'", "[chat]: is a list: write [[chat]]"),
        ("chat = [1]", "[[chat]] number 1: wanted a table, found a whole number"),
        ("embedded = 'no'", "embedded: wanted true or false"),
        (
            "[voice]\nanswer = 'never'",
            '[voice] answer: wanted one of "off", "when_spoken_to", "always"',
        ),
        (
            f"[[chat]]\n{PARROT}phrases = [1]",
            "[[chat]] number 1 phrases: wanted a text in quotes, found a whole number",
        ),
        (f"[[chat]]\n{PARROT}mood = 'sad'", '[[chat]] number 1 mood: wanted one of "calm", "wild"'),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_that_says_what_was_wanted(
    tmp_path: Path, text: str, expected: str
) -> None:
    """Kinds are never bent: 1 is not true, "30" is not 30."""
    assert f"config.toml: {expected}" == complaint(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[telegram]\nmessages_per_second = -1",
            "[telegram] messages_per_second: must be from 0 to 1000",
        ),
        ("[answers]\ntemperature = nan", "[answers] temperature: must be from 0 to 2"),
        ("[answers]\ntemperature = 3", "[answers] temperature: must be from 0 to 2"),
        (
            "[answers]\nmax_tokens = 4096",
            "[answers]: max_tokens must be smaller than context_tokens",
        ),
        (
            "[categories]\nfast_below_chars = 2000",
            "[categories]: fast_below_chars must not be above complex_above_chars",
        ),
        (
            "[categories]\ncomplex_words = ['x', ' ']",
            "[categories]: complex_words must not hold an empty text: every word begins with it",
        ),
        ("[health]\nlisten = '8081'", '[health] listen: must look like "127.0.0.1:8081"'),
        (
            "[telegram]\napi_base = 'api.telegram.org'",
            '[telegram] api_base: must begin with "http://" or "https://" and name a host',
        ),
        (
            "[telegram]\napi_base = 'http://[::1'",
            '[telegram] api_base: must begin with "http://" or "https://" and name a host',
        ),
        (
            "[telegram.webhook]\nurl = 'http://bot.example.org'",
            '[telegram.webhook] url: must begin with "https://" and name a host',
        ),
        (
            "[telegram]\nmode = 'webhook'",
            '[telegram]: mode = "webhook" needs [telegram.webhook] url',
        ),
        (
            "[storage]\ndatabase_url = 'mysql://x'",
            '[storage] database_url: must begin with "sqlite:///" or "postgresql://"',
        ),
        (
            "[quota.video]\ntimezone = 'Europe/Atlantis'",
            '[quota.video] timezone: must be the name of a time zone, as "Europe/Kyiv"',
        ),
        ("[quota.video]\nper_day = -1", "[quota.video] per_day: must be from 0 to 1000000"),
        (
            "[quota.video]\nper_user_at_once = 0",
            "[quota.video] per_user_at_once: must be from 1 to 1000000",
        ),
        (
            "[quota.video]\ndefault_seconds = 8",
            "[quota.video]: default_seconds must not be above max_seconds",
        ),
        (
            "[roles.guests.quota.video]\nper_day = 1",
            '[roles.guests] people: must name somebody; only the role "admins" need not',
        ),
        (
            "[roles.admins.quota.image]\nper_month = -1",
            "[roles.admins.quota.image] per_month: must be from 0 to 1000000",
        ),
        (f"[[chat]]\n{PARROT}slots = 0", "[[chat]] number 1 slots: must be from 1 to 1024"),
        ("[[chat]]\nuse = ' '", "[[chat]] number 1 use: must not be empty"),
    ],
)
def test_a_value_out_of_range_is_an_error(tmp_path: Path, text: str, expected: str) -> None:
    """Bounds are checked at start, and so is what must fit together."""
    assert f"config.toml: {expected}" == complaint(tmp_path, text)


def test_a_webhook_without_its_secret_is_an_error_that_names_the_variable(tmp_path: Path) -> None:
    """The bot never listens to who cannot prove to be Telegram."""
    text = '[telegram]\nmode = "webhook"\n[telegram.webhook]\nurl = "https://bot.example.org"\n'
    assert "HEARTHBOT_WEBHOOK_SECRET" in complaint(tmp_path, text)
    config = loaded(tmp_path, text, {"HEARTHBOT_WEBHOOK_SECRET": "open sesame"})
    assert config.telegram.webhook.secret == Secret("open sesame")


def test_a_secret_written_into_the_file_is_refused_without_being_repeated(tmp_path: Path) -> None:
    """The token where the name of a variable belongs is an error, and the error is silent of it."""
    said = complaint(tmp_path, f"[telegram]\ntoken_env = '{TOKEN}'")
    assert "must be the name of an environment variable, not the secret itself" in said
    assert TOKEN not in said
    said = complaint(tmp_path, f"[telegram]\ntoken = '{TOKEN}'")
    assert 'the nearest known key is "token_env"' in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("listen", "expected"),
    [("127.0.0.1:8081", ("127.0.0.1", 8081)), ("[::1]:0", ("::1", 0)), ("box:80", ("box", 80))],
)
def test_host_and_port_are_split_at_the_last_colon(listen: str, expected: tuple[str, int]) -> None:
    """Names, numbers and IPv6 in brackets are understood."""
    assert expected == host_and_port(listen)


@pytest.mark.parametrize("listen", ["", ":80", "host:", "host:x", "host:65536", "host:-1", "h:²"])
def test_what_is_no_address_is_refused(listen: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="must look like"):
        host_and_port(listen)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.recursive(
        st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=5,
    ),
    table=st.sampled_from(sorted(one.name for one in fields(Config))),
    key=st.sampled_from(sorted(settings_of(Config))),
)
def test_no_value_whatever_ends_in_anything_but_a_config_error(
    tmp_path: Path, raw: object, table: str, key: str
) -> None:
    """A wrong file stops the start with one sentence, never with a traceback."""
    name, _, rest = key.partition(".")
    for top, value in ((table, raw), (name, {rest: raw} if rest else raw)):
        said = trouble(tmp_path, top, value)
        assert not said or said.startswith(str(tmp_path / "config.toml"))


def trouble(folder: Path, key: str, value: object) -> str:
    """What loading this key with this value ends in; empty if it can be used."""
    try:
        loaded(folder, f"{key} = {toml(value)}\n")
    except ConfigError as error:
        return str(error)
    return ""


def toml(value: object) -> str:
    """The value as TOML writes it inline."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(one)}" for key, one in value.items()) + "}"
    raise AssertionError(value)
