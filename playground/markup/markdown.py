"""Parse mode Markdown, the old one: four marks, no nesting."""

from playground.markup.output import MarkupError, Output, byte_offset
from playground.records import Record

_KINDS = {"_": "italic", "*": "bold", "`": "code"}


def parse_markdown(text: str) -> tuple[str, list[Record]]:
    """Turn old Markdown into text and entities."""
    out, at = Output(), 0
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] in ("_", "*", "`", "["):
            out.write(text[at + 1])
            at += 2
        elif char not in "_*`[":
            out.write(char)
            at += 1
        else:
            at = _entity(text, at, out)
    return out.result()


def _entity(text: str, start: int, out: Output) -> int:
    if text.startswith("```", start):
        return _block(text, start, out)
    end = text.find("]" if text[start] == "[" else text[start], start + 1)
    if end < 0:
        raise _endless(text, start)
    offset = out.size
    out.write(text[start + 1 : end])
    if text[start] == "[":
        return _link(text, end + 1, offset, out)
    out.mark(_KINDS[text[start]], offset)
    return end + 1


def _block(text: str, start: int, out: Output) -> int:
    end = text.find("```", start + 3)
    if end < 0:
        raise _endless(text, start)
    body = text[start + 3 : end]
    language, body = split_language(body)
    offset = out.size
    out.write(body)
    out.mark("pre", offset, language=language)
    return end + 3


def split_language(body: str) -> tuple[str, str]:
    """Take the name of a language and one line break off the front of a block of code."""
    words = body.split(maxsplit=1)
    language = words[0] if words and not body[0].isspace() and words[0] != body else ""
    body = body[len(language) :]
    width = 2 if body[:2] in ("\r\n", "\n\r") else int(body[:1] in ("\r", "\n"))
    return language, body[width:]


def _link(text: str, at: int, offset: int, out: Output) -> int:
    if text[at : at + 1] != "(":
        out.link(offset, out.parts[-1])
        return at
    end = text.find(")", at)
    end = len(text) if end < 0 else end
    out.link(offset, text[at + 1 : end])
    return end + 1


def _endless(text: str, start: int) -> MarkupError:
    where = byte_offset(text, start)
    return MarkupError(f"Can't find end of the entity starting at byte offset {where}")
