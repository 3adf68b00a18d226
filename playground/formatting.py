"""A text on its way into a message: parsed, cleaned, trimmed, measured, with all its entities."""

from dataclasses import dataclass

from playground import entities as marks
from playground.errors import bad_request
from playground.params import Params
from playground.records import Record
from playground.text import cleaned, trimmed, units

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


def formatted(params: Params, text: str, entities: str) -> Formatted:
    """Read a text from a call, with its parse mode or with entities given apart."""
    return arranged(
        cleaned(params.text(text)),
        params.listed(entities, "MessageEntity") if entities in params else [],
    )


def arranged(text: str, values: list[Record]) -> Formatted:
    """Put a text and its entities into the form in which the server keeps them."""
    given = marks.given(values, text)
    text, given = trimmed(text, given)
    return Formatted(text, marks.ordered([*given, *marks.found(text, given)]))


def message_text(params: Params, *, may_be_empty: bool = False) -> Formatted:
    """Read the text of a message, which may be neither empty nor too long."""
    if "text" not in params and not may_be_empty:
        raise bad_request("message text is empty")
    read = formatted(params, "text", "entities")
    if not read.text and not may_be_empty:
        raise bad_request("text must be non-empty")
    if units(read.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return read


def caption(params: Params) -> Record:
    """Read a caption, which may be missing but not too long."""
    read = formatted(params, "caption", "caption_entities")
    if units(read.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return read.fields("caption", "caption_entities")
