"""Entities: those that a sender gives are checked, those that everybody sees are found."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from playground.errors import bad_request
from playground.records import Record
from playground.text import units

PLAIN = frozenset((
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote",
    "expandable_blockquote", "text_link", "text_mention", "custom_emoji", "date_time",
))  # fmt: skip
_ORDER = {kind: rank for rank, kind in enumerate(("expandable_blockquote", "blockquote", "pre"))}
_OPAQUE = frozenset(("code", "pre", "text_link", "text_mention", "custom_emoji"))
_DETAILS = ("url", "user", "language", "custom_emoji_id", "unix_time", "date_time_format")

_URL = (
    r"(?:https?://[^\s<>\"«»]+|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|org|net|io|dev|me|ru|ua|uk|de|eu|info|app|ai|gov|edu|co)\b(?:[/?#][^\s<>\"«»]*)?)"
)
_PATTERNS = re.compile(
    r"(?P<email>(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b)"
    rf"|(?P<url>{_URL})"
    r"|(?P<mention>(?<![\w@])@[a-z][a-z0-9_]{2,31}\b)"
    r"|(?P<bot_command>(?<![\w/>])/[a-z0-9_]{1,64}(?:@[a-z][a-z0-9_]{2,31})?(?![\w/]))"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256}\b)"
    r"|(?P<cashtag>(?<![\w$])\$[A-Z]{1,8}\b)",
    re.IGNORECASE,
)
_HINT = re.compile(r"[@/#$]|\.\w")
_SPACE = re.compile(r"[ \n]")


def found(text: str, given: Iterable[Record] = ()) -> list[Record]:
    """Find links, commands, mentions and tags that lie outside opaque entities."""
    if not _HINT.search(text):
        return []
    closed = [_span(entity) for entity in given if entity["type"] in _OPAQUE]
    marks = (_mark(text, match) for match in _matches(text))
    return [mark for mark in marks if mark and not _meets(_span(mark), closed)]


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Look closely only at words that hold a telling character; most hold none."""
    end = -1
    for hint in _HINT.finditer(text):
        at = hint.start()
        if at >= end:
            start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
            space = _SPACE.search(text, at)
            end = space.start() if space else len(text)
            yield from _PATTERNS.finditer(text, start, end)


def _mark(text: str, match: re.Match[str]) -> Record | None:
    kind, body = str(match.lastgroup), match.group()
    if kind == "url":
        body = body.rstrip(".,:;!?'\")]}")
    if kind == "cashtag" and not body[1:].isupper():
        return None
    return {"type": kind, "offset": units(text[: match.start()]), "length": units(body)}


def _span(entity: Record) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _meets(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def given(values: list[Any], text: str) -> list[Record]:
    """Check entities that a bot gives; drop what is of no use, refuse what is impossible."""
    entities = [_checked(value) for value in values]
    borders = _borders(text) if entities else {}
    size = units(text)
    kept = []
    for entity in entities:
        if entity is None or entity["length"] <= 0:
            continue
        _refuse_impossible(entity, size, borders)
        kept.append(entity)
    return kept


def _refuse_impossible(entity: Record, size: int, borders: dict[int, int]) -> None:
    start, end = _span(entity)
    beginning = f"entity beginning at UTF-16 offset {start}"
    if start < 0 or start > size:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
    if end > size:
        raise bad_request(f"{beginning} ends after the end of the text at UTF-16 offset {end}")
    if start in borders:
        at = borders[start]
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {at}")
    if end in borders:
        at = borders[end]
        raise bad_request(f"{beginning} ends in a middle of a UTF-16 symbol at byte offset {at}")


def _borders(text: str) -> dict[int, int]:
    """Map each offset inside a surrogate pair to the byte at which its symbol begins."""
    if text.isascii():
        return {}
    inside, offset, at = {}, 0, 0
    for char in text:
        if char > "\uffff":
            inside[offset + 1] = at
        offset += 2 if char > "\uffff" else 1
        at += len(char.encode("utf-8", "replace"))
    return inside


def _checked(value: Any) -> Record | None:
    if not isinstance(value, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind = value.get("type")
    for name in ("offset", "length"):
        if not isinstance(value.get(name), int):
            raise bad_request(f"can't parse MessageEntity: can't find field \"{name}\"")
    if not isinstance(kind, str):
        raise bad_request("can't parse MessageEntity: can't find field \"type\"")
    if kind not in PLAIN:
        return None
    details = {name: value[name] for name in _DETAILS if value.get(name) is not None}
    return {"type": kind, "offset": value["offset"], "length": value["length"], **details}


def ordered(entities: Iterable[Record]) -> list[Record]:
    """Sort entities as the server shows them: by place, the longer around the shorter."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _ORDER.get(e["type"], 9)))
