"""A text on its way into a message: parsed, cleaned, trimmed, measured, with all its entities."""

from collections.abc import Mapping
from dataclasses import dataclass

from playground import entities as marks
from playground.errors import bad_request
from playground.markup import parse
from playground.params import Params
from playground.records import Record
from playground.text import cleaned, trimmed, units

Users = Mapping[int, Record]
TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text together with its entities."""

    text: str
    entities: list[Record]

    def fields(self, text: str = "text", entities: str = "entities") -> Record:
        """Give the fields of a message; there are none for an empty text."""
        if not self.text:
            return {}
        return {text: self.text} | ({entities: self.entities} if self.entities else {})


def formatted(params: Params, text: str, entities: str, users: Users) -> Formatted:
    """Read a text from a call, with its parse mode or with entities given apart."""
    body = cleaned(params.text(text))
    if "parse_mode" in params:
        body, values = parse(body, params.text("parse_mode"))
    else:
        values = params.listed(entities, "MessageEntity") if entities in params else []
    return arranged(body, values, users)


def arranged(text: str, values: list[Record], users: Users) -> Formatted:
    """Put a text and its entities into the form in which the server keeps them."""
    given = _acquainted(marks.given(values, text), users)
    text, given = trimmed(text, given)
    return Formatted(text, marks.ordered([*given, *marks.found(text, given)]))


def _acquainted(entities: list[Record], users: Users) -> list[Record]:
    """Name the people who are mentioned; a mention of a stranger is none."""
    named = []
    for entity in entities:
        if entity["type"] != "text_mention":
            named.append(entity)
        elif user := users.get(_user_id(entity)):
            named.append({**entity, "user": user})
    return named


def _user_id(entity: Record) -> int:
    user = entity.get("user")
    number = user.get("id") if isinstance(user, dict) else None
    return number if isinstance(number, int) else 0


def message_text(params: Params, users: Users, *, may_be_empty: bool = False) -> Formatted:
    """Read the text of a message, which may be neither empty nor too long."""
    if "text" not in params and not may_be_empty:
        raise bad_request("message text is empty")
    read = formatted(params, "text", "entities", users)
    if not read.text and not may_be_empty:
        raise bad_request("text must be non-empty")
    if units(read.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return read


def caption(params: Params, users: Users) -> Record:
    """Read a caption, which may be missing but not too long."""
    read = formatted(params, "caption", "caption_entities", users)
    if units(read.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return read.fields("caption", "caption_entities")
