"""A backend's table becomes the backend that it names, a stranger's just as ours."""

from pathlib import Path

import pytest

from bot.backend_tables import backend_class
from bot.config import SKILLS, ConfigError, Secret, build_backend
from bot.defaults import usual
from bot.settings import BackendTable
from tests.bot.configured import PARROT, complaint, loaded
from tests.bot.strange_backends import Cuckoo, Parrot

STRANGE = "tests.bot.strange_backends"


def test_a_table_fills_the_fields_of_its_class(tmp_path: Path) -> None:
    """What the file says is in the backend, each value of its annotated kind."""
    text = (
        f'[[chat]]\n{PARROT}loudness = 1\nphrases = ["hi"]\nheaders = {{ X = "1" }}\n'
        'slots = 3\napi_key_env = "KEY"\n'
    )
    table = loaded(tmp_path, text, {"KEY": "hush"}).chat[0]
    wire = object()
    expected = Parrot(
        wire=wire,
        url="http://127.0.0.1:1",
        loudness=1.0,
        phrases=("hi",),
        headers={"X": "1"},
        slots=3,
        api_key=Secret("hush"),
    )
    assert expected == build_backend(table, {"wire": wire, "unwanted": 1})


def test_the_program_hands_in_what_the_class_has_a_field_for(tmp_path: Path) -> None:
    """`provided` fills fields by name; what the table says itself comes first."""
    table = loaded(tmp_path, f'[[chat]]\n{PARROT}model = "blue"').chat[0]
    backend = build_backend(table, {"wire": 1, "data_dir": Path("here"), "model": "red"})
    assert (1, Path("here"), "blue") == (backend.wire, backend.data_dir, backend.model)


def test_a_class_says_how_many_it_serves_at_once_where_the_table_does_not(tmp_path: Path) -> None:
    """The table's number wins, then the class's own, then one."""
    texts = [PARROT, f"{PARROT}slots = 5", f'use = "{STRANGE}:Cuckoo"']
    config = loaded(tmp_path, "".join(f"[[chat]]\n{text}\n" for text in texts))
    assert [2, 5, 1] == [table.slots for table in config.chat]


def test_a_class_that_wants_its_key_as_a_text_gets_the_text(tmp_path: Path) -> None:
    """The annotation decides between the masked secret and its text."""
    text = f'[[chat]]\nuse = "{STRANGE}:Cuckoo"\napi_key_env = "KEY"\nlabel = "clock"'
    table = loaded(tmp_path, text, {"KEY": "hush"}).chat[0]
    assert Cuckoo(api_key="hush", label="clock") == build_backend(table, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[chat]]\nmodel = 'x'", 'use: is missing; it names the class, as "package.module:Class"'),
        ("[[chat]]\nuse = 'nothing'", 'use: must look like "package.module:Class"'),
        (
            "[[chat]]\nuse = 'no.where:X'",
            "use: no.where cannot be imported: No module named 'no'",
        ),
        (
            f"[[chat]]\nuse = '{STRANGE}:Parot'",
            'use Parot: unknown class; the nearest known class is "Parrot"',
        ),
        (
            "[[embed]]\nuse = 'services.backends.openai_compatible:OpenAIEmbeder'",
            'use OpenAIEmbeder: unknown class; the nearest known class is "OpenAIEmbedder"',
        ),
        (f"[[chat]]\nuse = '{STRANGE}:NoRecord'", "use: NoRecord is not a dataclass"),
        (
            f"[[chat]]\n{PARROT}api_key_env = 'KEY'",
            "api_key_env: the environment has no KEY",
        ),
        (
            f"[[chat]]\n{PARROT}api_key = 'sesame'",
            'api_key: unknown key; the nearest known key is "api_key_env"',
        ),
        (f"[[chat]]\n{PARROT}wire = 'x'", 'wire: unknown key; the nearest known key is "phrases"'),
        (
            f"[[chat]]\nuse = '{STRANGE}:Cuckoo'\nurl = 'http://x'",
            'url: unknown key; the nearest known key is "use"',
        ),
        (
            f"[[chat]]\nuse = '{STRANGE}:Parrot'\nurl = 'tcp://x:1'",
            'url: must begin with "http://" or "https://" and name a host',
        ),
        (
            f"[[chat]]\nuse = '{STRANGE}:Whale'\nurl = 'http://x'",
            'url: must begin with "tcp://" or "udp://" and name a host',
        ),
        (
            "[[hear]]\nuse = 'services.backends.wyoming:WyomingTranscriber'\nurl = 'http://x'",
            'url: must begin with "tcp://" and name a host',
        ),
        (
            "[[video]]\nuse = 'not.yet:Made'\nurl = 'http://x'",
            "use: not.yet cannot be imported: No module named 'not'",
        ),
    ],
)
def test_a_table_that_fits_no_class_is_an_error(tmp_path: Path, text: str, expected: str) -> None:
    """Class and keys are checked at start, by importing the class."""
    skill = text.partition("\n")[0]
    assert f"config.toml: {skill} number 1 {expected}" == complaint(tmp_path, text)


def test_a_class_says_how_its_addresses_begin(tmp_path: Path) -> None:
    """The slash at the end is left out, as with all addresses."""
    table = loaded(tmp_path, f'[[chat]]\nuse = "{STRANGE}:Whale"\nurl = "tcp://x:1/"').chat[0]
    assert "tcp://x:1" == build_backend(table, {}).url


def test_a_wyoming_server_is_configured_as_any_other(tmp_path: Path) -> None:
    """By its address, and a voice for each language; it has to name its port."""
    text = (
        '[[speak]]\nuse = "services.backends.wyoming:WyomingSynthesizer"\nvoices = {en = "joe"}\n'
    )
    table = loaded(tmp_path, f'{text}url = "tcp://box:10200"').speak[0]
    mouth = build_backend(table, {"wire": None})
    assert ("tcp://box:10200", {"en": "joe"}) == (mouth.url, mouth.voices)
    table = loaded(tmp_path, f'{text}url = "tcp://box"').speak[0]
    with pytest.raises(ConfigError, match="number 1: url must look like"):
        build_backend(table, {"wire": None})


def test_a_table_that_misses_what_its_class_needs_is_an_error_that_names_it(
    tmp_path: Path,
) -> None:
    """A field without a default must come from the table or from the program."""
    table = loaded(tmp_path, f'[[chat]]\nuse = "{STRANGE}:Parrot"').chat[0]
    with pytest.raises(ConfigError, match="number 1 url: is missing; Parrot needs it"):
        build_backend(table, {"wire": object()})


def test_what_the_class_itself_refuses_is_an_error_of_the_table(tmp_path: Path) -> None:
    """A ValueError of the class becomes a ConfigError that names the table."""
    table = loaded(tmp_path, f'[[chat]]\nuse = "{STRANGE}:Fussy"\nhours = 25').chat[0]
    with pytest.raises(ConfigError, match=r"\[\[chat\]\] number 1: hours must not be above 24"):
        build_backend(table, {})


@pytest.mark.parametrize(("written", "expected"), [("true", True), ('"far"', "far")])
def test_a_field_of_several_kinds_takes_each_of_them(
    tmp_path: Path, written: str, expected: object
) -> None:
    """The first kind that fits is taken."""
    table = loaded(tmp_path, f"[[chat]]\n{PARROT}echo = {written}").chat[0]
    assert expected == build_backend(table, {"wire": None}).echo


def test_a_class_whose_annotations_cannot_be_read_takes_values_as_they_are(tmp_path: Path) -> None:
    """Its keys are still known, only their kinds are not."""
    text = f'[[chat]]\nuse = "{STRANGE}:Shy"\n'
    assert build_backend(loaded(tmp_path, text + "price = 5").chat[0], {}).price == 5
    assert 'the nearest known key is "price"' in complaint(tmp_path, text + "prize = 5")


PIPER = 'use = "services.backends.piper_http:PiperHttpSynthesizer"\nurl = "http://x"\n'


def test_a_field_may_be_a_table_of_its_own(tmp_path: Path) -> None:
    """A voice for each language, in one line or in a table below."""
    inline = f'[[speak]]\n{PIPER}voices = {{ en = "amy", uk = "lada" }}'
    below = f'[[speak]]\n{PIPER}[speak.voices]\nen = "amy"\nuk = "lada"'
    for text in (inline, below):
        table = loaded(tmp_path, text).speak[0]
        assert {"en": "amy", "uk": "lada"} == build_backend(table, {"wire": None}).voices


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"lada"', "wanted a table, found a text in quotes"),
        ("{ uk = 1 }", "uk: wanted a text in quotes, found a whole number"),
        ('{ uk = " " }', "uk must not be empty"),
        ('{ ukr = "a" }', '"ukr" is no language; wanted two small letters, as "uk"'),
    ],
)
def test_a_table_within_a_table_is_checked(tmp_path: Path, written: str, expected: str) -> None:
    """The error names file, table, key, and the word in it that is wrong."""
    found = complaint(tmp_path, f"[[speak]]\n{PIPER}voices = {written}")
    assert f"config.toml: [[speak]] number 1 voices: {expected}" == found


@pytest.mark.parametrize(
    "table",
    [table for skill in SKILLS for table in usual(skill, embedded=True)],
    ids=lambda table: table.label,
)
def test_the_default_backends_can_be_built(table: BackendTable, tmp_path: Path) -> None:
    """The defaults name classes that exist and that have the fields that the defaults fill."""
    names = {one.name for one in backend_class(table).__dataclass_fields__.values()}
    said = {"label", *(name for name in ("url", "model") if getattr(table, name))}
    assert said <= names
    built = build_backend(table, {"wire": None, "data_dir": tmp_path})
    assert table.label == built.label


def test_the_default_backends_know_their_place() -> None:
    """Each stands in the chain of its skill, numbered as in a file."""
    for skill in SKILLS:
        chain = usual(skill, embedded=True)
        assert [(skill, number) for number in range(1, len(chain) + 1)] == [
            (table.skill, table.position) for table in chain
        ]
