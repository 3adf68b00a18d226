"""The bot speaks three languages, and every text of the code is in all of them."""

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from locales.collect import FOLDER, LANGUAGES, catalogue, refreshed, template_of, troubles
from locales.said import PLACE, Said, everything_said, said_in
from services.words import LANGUAGES as SPOKEN
from services.words import Voice, Words, later

CATALOGUE = """
msgid ""
msgstr ""
"Language: uk\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || \
n%100>=20) ? 1 : 2);\\n"

msgid "Good morning, {name}"
msgstr "Доброго ранку, {name}"

msgid "{n} film"
msgid_plural "{n} films"
msgstr[0] "{n} фільм"
msgstr[1] "{n} фільми"
msgstr[2] "{n} фільмів"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of catalogues with nothing but a little Ukrainian in it."""
    source = tmp_path / "uk" / "LC_MESSAGES" / "hearthbot.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    return tmp_path


def compile_it(folder: Path, morning: str) -> Path:
    """Compile the Ukrainian catalogue with another greeting, so that one can tell who speaks."""
    book = catalogue("uk", folder)
    greeting = book.get("Good morning, {name}")
    assert greeting is not None
    greeting.string = morning
    compiled = folder / "uk" / "LC_MESSAGES" / "hearthbot.mo"
    with compiled.open("wb") as file:
        write_mo(file, book)
    return compiled


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_code_is_in_the_catalogue(language: str) -> None:
    """Nothing missing, untranslated, fuzzy, obsolete, short of forms or with other placeholders."""
    found = list(troubles(language, template_of(everything_said())))
    assert not found, "run `make texts`, then translate:\n" + "\n".join(found)


def test_every_text_is_given_what_it_has_places_for() -> None:
    """A placeholder without a value would be shown as it stands."""
    wrong = [
        f"{said.place}: {said.text!r} lacks {sorted(lacking)}"
        for said in everything_said()
        if said.given is not None
        and (lacking := set(PLACE.findall(said.text + said.many)) - said.given)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_languages_that_are_collected_are_those_that_are_spoken() -> None:
    """The tool and the program agree."""
    assert LANGUAGES == SPOKEN


def test_an_unknown_language_is_answered_in_english(folder: Path) -> None:
    """Nobody is met with silence."""
    words = Words(folder)
    spoken = [words.speak(code).language for code in ("uk", "UK-ua", "ru_RU", "de", "", "-", "ук")]
    assert ["uk", "uk", "ru", "en", "en", "en", "en"] == spoken


def test_a_text_without_a_translation_is_said_in_english(folder: Path) -> None:
    """A new text is shown at once, in English until somebody translates it."""
    voice = Words(folder).speak("uk")
    assert voice("Good night, {name}", name="Оля") == "Good night, Оля"
    assert voice.many("{n} dog", "{n} dogs", 2) == "2 dogs"


def test_no_folder_at_all_still_leaves_english(tmp_path: Path) -> None:
    """Lost catalogues cost the languages, not the bot."""
    assert Words(tmp_path / "nowhere").speak("uk")("Good morning, {name}", name=1).endswith(", 1")


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "фільмів"), (1, "фільм"), (2, "фільми"), (11, "фільмів"), (21, "фільм"), (25, "фільмів")],
)
def test_numbers_choose_their_form(folder: Path, number: int, expected: str) -> None:
    """Ukrainian has three forms, and eleven is not like one."""
    voice = Words(folder).speak("uk")
    assert f"{number} {expected}" == voice.many("{n} film", "{n} films", number)


@given(value=st.text())
def test_a_value_is_inserted_as_it_stands(value: str) -> None:
    """Braces, Markdown, backslashes: nothing in a value is read as part of the text."""
    voice = Voice("en", gettext.NullTranslations())
    assert f"<{value}> {{other}}" == voice("<{name}> {other}", name=value)
    assert f"{value}+x" == voice("{a}+{b}", a=value, b="x")


def test_later_is_the_text_itself() -> None:
    """`later` only marks."""
    assert later("Good morning") == "Good morning"


def test_the_compiled_catalogue_is_read_where_it_is_newer(folder: Path) -> None:
    """Compiling once saves the work at each start."""
    compiled = compile_it(folder, "Compiled, {name}")
    os.utime(compiled, ns=(2**61, 2**61))
    assert Words(folder).speak("uk")("Good morning, {name}", name="A") == "Compiled, A"


def test_an_old_compiled_catalogue_is_passed_over(folder: Path) -> None:
    """Whoever edits a catalogue sees it at the next start."""
    os.utime(compile_it(folder, "Compiled, {name}"), ns=(1, 1))
    assert Words(folder).speak("uk")("Good morning, {name}", name="A") == "Доброго ранку, A"


def test_babel_is_imported_only_where_a_catalogue_must_be_compiled(folder: Path) -> None:
    """A start with compiled catalogues does not pay for the compiler."""
    os.utime(compile_it(folder, "x {name}"), ns=(2**61, 2**61))
    code = (
        "import sys; from pathlib import Path; from services.words import Words; "
        f"Words(Path({str(folder)!r})).speak('uk'); print('babel' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_texts_are_found_wherever_a_voice_says_them(tmp_path: Path) -> None:
    """Calls of a voice, of what returns one, plurals, choices, and what is said later."""
    file = tmp_path / "code.py"
    file.write_text(
        'voice("one {a}", a=1)\n'
        'self._voice(job)("two")\n'
        'words.speak("uk")("th" "ree")\n'
        'voice.many("{n} four", "{n} fours", n)\n'
        'voice("five" if x else "six", **given)\n'
        'LATE = later("seven")\n'
        'print("not this"); voice(LATE); many("no", "no"); words.speak("ru")\n'
    )
    nothing: frozenset[str] = frozenset()
    expected = [
        Said("code", 1, "one {a}", given=frozenset({"a"})),
        Said("code", 2, "two", given=nothing),
        Said("code", 3, "three", given=nothing),
        Said("code", 4, "{n} four", "{n} fours", frozenset({"n"})),
        Said("code", 5, "five"),
        Said("code", 5, "six"),
        Said("code", 6, "seven"),
    ]
    assert expected == list(said_in(file, "code"))


@pytest.mark.parametrize("code", ['voice(f"Hello {name}")', 'voice("Hello " + name)'])
def test_a_text_put_together_before_it_is_said_is_refused(tmp_path: Path, code: str) -> None:
    """Nobody could translate it."""
    (tmp_path / "code.py").write_text(code)
    with pytest.raises(ValueError, match="code:1: say one whole text and give it values"):
        list(said_in(tmp_path / "code.py", "code"))


def test_refreshing_keeps_translations_and_adds_what_is_new(folder: Path) -> None:
    """The old translation stays, the new text waits, what nobody says goes."""
    template = template_of([Said("a.py", 1, "Good morning, {name}"), Said("a.py", 2, "New")])
    book = refreshed("uk", template, folder)
    assert {"Good morning, {name}": "Доброго ранку, {name}", "New": ""} == {
        str(message.id): message.string for message in book if message.id
    }
    english = refreshed("en", template, folder)
    assert {"Good morning, {name}", "New"} == {message.string for message in english if message.id}


def test_each_kind_of_trouble_in_a_catalogue_is_told(folder: Path) -> None:
    """The check can fail, in every way that it claims to."""
    path = folder / "uk" / "LC_MESSAGES" / "hearthbot.po"
    path.write_text(
        CATALOGUE.replace('msgstr[2] "{n} фільмів"\n', "")
        + '\n#, fuzzy\nmsgid "Fuzzy"\nmsgstr "x"\n'
        + '\nmsgid "Empty"\nmsgstr ""\n'
        + '\nmsgid "Place {a}"\nmsgstr "Місце {b}"\n'
        + '\n#~ msgid "Old"\n#~ msgstr "y"\n',
        encoding="utf-8",
    )
    said = [Said("a.py", 1, text) for text in ("Fuzzy", "Empty", "Place {a}", "Missing")]
    template = template_of([*said, Said("a.py", 2, "{n} film", "{n} films")])
    assert {
        "uk: missing: 'Missing' (a.py)",
        "uk: said nowhere: 'Good morning, {name}'",
        "uk: untranslated: '{n} film'",
        "uk: fuzzy: 'Fuzzy'",
        "uk: untranslated: 'Empty'",
        "uk: other placeholders in 'Місце {b}': 'Place {a}'",
        "uk: obsolete: 'Old'",
    } == set(troubles("uk", template, folder))


def test_the_catalogues_lie_where_the_program_looks() -> None:
    """The folder in the repository holds a catalogue for every language."""
    assert all((FOLDER / name / "LC_MESSAGES" / "hearthbot.po").exists() for name in LANGUAGES)
