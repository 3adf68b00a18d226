"""Collects the texts from the code into the catalogues, or tells what is missing in them.

`python -m locales.collect` brings the catalogues up to date: new texts come in untranslated,
texts that the code no longer says go. `--check` changes nothing and fails if anything is amiss.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

from locales.said import PLACE, Said, everything_said

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "ru", "uk")

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue tells no dates: the history does


def template_of(texts: Iterable[Said]) -> Catalog:
    """A catalogue of the texts alone, each with the files that say it."""
    template = _empty(None)
    for said in texts:
        template.add((said.text, said.many) if said.many else said.text, locations=[(said.file, 1)])
    for message in template:
        message.locations = sorted(set(message.locations))
    return template


def catalogue(language: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of the language as it stands; empty if there is none."""
    path = _path(language, folder)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def refreshed(language: str, template: Catalog, folder: Path = FOLDER) -> Catalog:
    """The catalogue with the texts of the template; English says what the code says."""
    old, new = catalogue(language, folder), _empty(language)
    for message in template:
        if message.id:
            known = old.get(message.id)
            fresh = new.add(
                message.id,
                known.string if known else "",
                locations=message.locations,
                user_comments=known.user_comments if known else (),
            )
            if language == "en":
                fresh.string = message.id
    return new


def troubles(language: str, template: Catalog, folder: Path = FOLDER) -> Iterator[str]:
    """What keeps the catalogue from being complete, a line each."""
    present = catalogue(language, folder)
    wanted = {_key(message) for message in template if message.id}
    for message in template:
        if message.id and present.get(message.id) is None:
            yield f"{language}: missing: {_key(message)!r} ({message.locations[0][0]})"
    for message in (one for one in present if one.id):
        if _key(message) not in wanted:
            yield f"{language}: said nowhere: {_key(message)!r}"
        yield from (f"{language}: {why}: {_key(message)!r}" for why in _flaws(message, present))
    yield from (f"{language}: obsolete: {_key(one)!r}" for one in present.obsolete.values())


def main() -> int:
    """Refresh the catalogues, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if amiss")
    asked = parser.parse_args()
    template = template_of(everything_said())
    if not asked.check:
        for language in LANGUAGES:
            _write(refreshed(language, template), _path(language, FOLDER))
    found = [why for language in LANGUAGES for why in troubles(language, template)]
    print("\n".join(found) or f"{len(template)} texts, nothing missing")  # noqa: T201
    return 1 if found and asked.check else 0


def _flaws(message: Message, present: Catalog) -> Iterator[str]:
    forms = message.string if isinstance(message.string, tuple | list) else [message.string or ""]
    if message.fuzzy:
        yield "fuzzy"
    if not all(forms):
        yield "untranslated"
        return
    if message.pluralizable and len(forms) != present.num_plurals:
        yield f"{len(forms)} forms where {present.num_plurals} belong"
    wanted = [set(PLACE.findall(text)) for text in _ids(message)]
    for form in forms:
        if set(PLACE.findall(form)) not in wanted:
            yield f"other placeholders in {form!r}"


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language,
        project="Hearthbot",
        version="1",
        header_comment="# What Hearthbot says.",
        creation_date=_EPOCH,
        revision_date=_EPOCH,
        last_translator="Hearthbot contributors",
        language_team="Hearthbot contributors",
        fuzzy=False,
    )


def _write(made: Catalog, path: Path) -> None:
    text = BytesIO()
    write_po(text, made, width=100, sort_by_file=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue())


def _path(language: str, folder: Path) -> Path:
    return folder / language / "LC_MESSAGES" / "hearthbot.po"


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _key(message: Message) -> str:
    return _ids(message)[0]


if __name__ == "__main__":
    sys.exit(main())
