"""Parse mode HTML: few tags, strictly nested, everything else escaped."""

import re
from dataclasses import dataclass

from playground.markup.output import MarkupError, Output, byte_offset
from playground.records import Record

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_OTHERS = {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_ENTITY = re.compile(r"&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));?", re.IGNORECASE)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\0\x0b"
_TO_END = re.compile(r"[^ \t\r\n\0\x0b>]*")
_TO_VALUE = re.compile(r"[^ \t\r\n\0\x0b=>]*")
_LANGUAGE = "language-"


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    offset: int
    start: int
    argument: str | None


def parse_html(text: str) -> tuple[str, list[Record]]:
    """Turn HTML into text and entities."""
    return _Reader(text).read()


def _decoded(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name.lower()]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    impossible = code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000
    return match[0] if impossible else chr(code)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[_Open] = []
        self._out = Output()

    def read(self) -> tuple[str, list[Record]]:
        while self._at < len(self._text):
            tag = self._text.find("<", self._at)
            plain = self._text[self._at : tag if tag >= 0 else None]
            self._out.write(_ENTITY.sub(_decoded, plain))
            self._at += len(plain)
            if tag >= 0:
                self._read_tag()
        if self._open:
            tag_name = self._open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag_name}"')
        return self._out.result()

    def _read_tag(self) -> None:
        if self._text.startswith("</", self._at):
            self._close_tag()
        else:
            self._open_tag()

    def _open_tag(self) -> None:
        start = self._at
        self._at += 1
        name = self._word(_TO_END).lower()
        if self._over():
            raise self._error("Unclosed start tag", start)
        if name not in _KINDS and name not in _OTHERS:
            raise self._error(f'Unsupported start tag "{name}"', start)
        attributes = self._attributes(name, start)
        self._at += 1
        argument = self._argument(name, attributes, start)
        self._open.append(_Open(name, self._out.size, start, argument))

    def _attributes(self, tag: str, start: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._over():
                raise self._error(f'Unclosed start tag "{tag}"', start)
            if self._text[self._at] == ">":
                return found
            name = self._word(_TO_VALUE).lower()
            if not name:
                raise self._error(f'Empty attribute name in the tag "{tag}"', start)
            self._skip_space()
            found[name] = self._value(tag, start) if self._next() == "=" else ""

    def _value(self, tag: str, start: int) -> str:
        self._at += 1
        self._skip_space()
        quote = self._next()
        if not quote:
            raise self._error(f'Unclosed start tag "{tag}"', start)
        if quote in "'\"":
            return self._quoted(quote, start)
        begin = self._at
        while self._next() and (self._next().isalnum() or self._next() in ".-"):
            self._at += 1
        if not self._next() or self._next() not in _SPACE + ">":
            raise self._error("Unexpected end of name token", begin)
        return self._text[begin : self._at].lower()

    def _quoted(self, quote: str, start: int) -> str:
        end = self._text.find(quote, self._at + 1)
        if end < 0:
            raise self._error("Unclosed start tag", start)
        value = self._text[self._at + 1 : end]
        self._at = end + 1
        return _ENTITY.sub(_decoded, value)

    def _argument(self, tag: str, attributes: dict[str, str], start: int) -> str | None:
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', start)
        if tag == "code":
            name = attributes.get("class", "")
            return name.removeprefix(_LANGUAGE) if name.startswith(_LANGUAGE) else None
        if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise MarkupError("Invalid custom emoji identifier specified")
        wanted = {"a": "href", "blockquote": "expandable", "tg-emoji": "emoji-id"}
        return attributes.get({**wanted, "tg-time": "unix"}.get(tag, ""))

    def _close_tag(self) -> None:
        start = self._at
        if not self._open:
            raise self._error("Unexpected end tag", start)
        self._at += 2
        name = self._word(_TO_END).lower()
        self._skip_space()
        if self._next() != ">":
            raise self._error("Unclosed end tag", start)
        self._at += 1
        expected = self._open[-1].tag
        if name and name != expected:
            where = byte_offset(self._text, start)
            raise MarkupError(
                f"Unmatched end tag at byte offset {where},"
                f' expected "</{expected}>", found "</{name}>"'
            )
        self._mark(self._open.pop())

    def _mark(self, tag: _Open) -> None:
        if tag.tag in _KINDS:
            self._out.mark(_KINDS[tag.tag], tag.offset)
        elif tag.tag in ("pre", "code"):
            self._mark_code(tag)
        elif tag.tag == "a":
            written = self._out.text.encode("utf-16-le", "surrogatepass")[2 * tag.offset :]
            self._out.link(tag.offset, tag.argument or written.decode("utf-16-le", "replace"))
        elif tag.tag == "blockquote":
            wide = tag.argument is not None
            self._out.mark("expandable_blockquote" if wide else "blockquote", tag.offset)
        elif tag.tag == "tg-emoji":
            self._out.mark("custom_emoji", tag.offset, custom_emoji_id=tag.argument)
        elif (tag.argument or "").isdigit():
            self._out.mark("date_time", tag.offset, unix_time=int(tag.argument or 0))

    def _mark_code(self, tag: _Open) -> None:
        """Code with a language inside a block of code is one thing, not two."""
        last = self._out.entities[-1] if self._out.entities else {}
        same = (last.get("offset"), last.get("length")) == (tag.offset, self._out.size - tag.offset)
        if tag.tag == "pre" and same and last["type"] == "code":
            last["type"] = "pre"
            return
        self._out.mark(tag.tag, tag.offset, language=tag.argument)

    def _word(self, ends: re.Pattern[str]) -> str:
        found = ends.match(self._text, self._at)
        word = found[0] if found else ""
        self._at += len(word)
        return word

    def _skip_space(self) -> None:
        while self._next() and self._next() in _SPACE:
            self._at += 1

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _over(self) -> bool:
        return self._at >= len(self._text)

    def _error(self, words: str, index: int) -> MarkupError:
        return MarkupError(f"{words} at byte offset {byte_offset(self._text, index)}")
