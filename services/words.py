"""What the bot says in English, Russian and Ukrainian.

The English text is the key: `voice("Good morning, {name}", name=...)`. A text is collected from
the code where it stands in `voice(...)`, `voice.many(...)` or `later(...)`, and translated in the
catalogues of `locales/`.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DOMAIN = "hearthbot"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "ru", "uk")

_PLACE = re.compile(r"\{(\w+)\}")


def later(text: str) -> str:
    """Mark a text for translation where it stands; a voice says it later."""
    return text


@dataclass(frozen=True, slots=True)
class Voice:
    """One language: says each text of the program in it."""

    language: str
    _catalogue: gettext.NullTranslations = field(repr=False)

    def __call__(self, text: str, **values: object) -> str:
        """Say the text; `{name}` becomes the value of that name, as it stands."""
        return _insert(self._catalogue.gettext(text), values)

    def many(self, one: str, many: str, n: int, **values: object) -> str:
        """Say the text in the form that the number wants; `{n}` is the number."""
        return _insert(self._catalogue.ngettext(one, many, n), {"n": n, **values})


@dataclass(frozen=True, slots=True)
class Words:
    """The voices, read from the folder of catalogues; without one there is still English."""

    folder: Path
    _voices: Mapping[str, Voice] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        voices = {name: Voice(name, _catalogue(self.folder, name)) for name in LANGUAGES}
        object.__setattr__(self, "_voices", voices)

    def speak(self, language: str) -> Voice:
        """The voice for a language code such as "uk" or "ru-RU"; English where it is unknown."""
        short = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
        return self._voices.get(short, self._voices[ENGLISH])


def _insert(text: str, values: Mapping[str, object]) -> str:
    """Put the values in their places; nothing in a value is read as a place again."""
    return _PLACE.sub(lambda spot: str(values.get(spot[1], spot[0])), text)


def _catalogue(folder: Path, language: str) -> gettext.NullTranslations:
    """The compiled catalogue, or its source compiled in memory where that is newer."""
    source = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = source.with_suffix(".mo")
    if not source.exists():
        return gettext.NullTranslations()
    if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    return _compile(source, language)


def _compile(source: Path, language: str) -> gettext.NullTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415  only where it is needed
    from babel.messages.pofile import read_po  # noqa: PLC0415  it takes 0.1 s to import

    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    binary = io.BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return gettext.GNUTranslations(binary)
