"""Parse mode MarkdownV2: marks nest, and every special character has to be escaped."""

import re
from dataclasses import dataclass

from playground.markup.markdown import split_language
from playground.markup.output import MarkupError, Output, byte_offset
from playground.records import Record
from playground.text import piece

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = {
    "*": "Bold",
    "_": "Italic",
    "__": "Underline",
    "~": "Strikethrough",
    "||": "Spoiler",
    "`": "Code",
    "[": "TextUrl",
    "![": "CustomEmoji",
}
_ENDS = {**{kind: mark for mark, kind in _MARKS.items()}, "TextUrl": "]", "CustomEmoji": "]"}
_ENDS |= {"Pre": "```", "PreCode": "```"}
_OPAQUE = ("Code", "Pre", "PreCode")
_EMOJI = re.compile(r"tg:(?://)?emoji/?\?(?P<query>[^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Open:
    kind: str
    offset: int
    start: int
    argument: str = ""


def parse_markdown_v2(text: str) -> tuple[str, list[Record]]:
    """Turn MarkdownV2 into text and entities."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[_Open] = []
        self._out = Output()
        self._line_start = True

    def read(self) -> tuple[str, list[Record]]:
        while self._at < len(self._text):
            self._step()
        if self._quoting():
            self._end_quote()
        if self._open:
            raise self._endless(self._open[-1])
        return self._out.result()

    def _step(self) -> None:
        char = self._text[self._at]
        top = self._open[-1].kind if self._open else ""
        if char == "\\" and "\0" < self._text[self._at + 1 : self._at + 2] < "\x7f":
            self._write(self._text[self._at + 1], 2)
        elif top in _OPAQUE:
            self._step_in_code(top, char)
        elif char == ">" and self._line_start and not self._quoting():
            self._open.append(_Open("Quote", self._out.size, self._at))
            self._at += 1
        elif char == ">" and self._line_start:
            self._at += 1
        elif char == "\n" and self._quoting() and self._text[self._at + 1 : self._at + 2] != ">":
            self._write(char, 1)
            self._end_quote()
        elif char in _RESERVED:
            self._step_on_mark(top, char)
        else:
            self._write(char, 1)

    def _step_in_code(self, top: str, char: str) -> None:
        if self._text.startswith(_ENDS[top], self._at):
            self._close(_ENDS[top])
        elif char == "`":
            raise self._reserved(char)
        else:
            self._write(char, 1)

    def _step_on_mark(self, top: str, char: str) -> None:
        mark = self._mark_here(char)
        if mark and mark == _ENDS.get(top):
            self._close(mark)
        elif mark == "```":
            self._open_block()
        elif mark in _MARKS:
            self._open.append(_Open(_MARKS[mark], self._out.size, self._at))
            self._at += len(mark)
        else:
            raise self._reserved(char)

    def _mark_here(self, char: str) -> str:
        for mark in ("```", "__", "||", "!["):
            if self._text.startswith(mark, self._at):
                return mark
        return char if char in "_*~`[]" else ""

    def _open_block(self) -> None:
        inner = self._text[self._at + 3 :]
        end = inner.find("`")
        language, _ = split_language(inner if end < 0 else inner[: end + 1])
        kind = "PreCode" if language else "Pre"
        self._open.append(_Open(kind, self._out.size, self._at, language))
        self._at += 3 + len(language)
        following = self._text[self._at : self._at + 2]
        paired = following in ("\r\n", "\n\r")
        self._at += 2 if paired else int(following[:1] in ("\r", "\n"))

    def _close(self, mark: str) -> None:
        entity = self._open.pop()
        self._at += len(mark)
        if entity.kind == "TextUrl":
            self._out.link(entity.offset, self._address(self._written(entity.offset)))
        elif entity.kind == "CustomEmoji":
            self._out.mark("custom_emoji", entity.offset, custom_emoji_id=self._emoji())
        else:
            kind = "pre" if entity.kind == "PreCode" else entity.kind.lower()
            self._out.mark(kind, entity.offset, language=entity.argument)

    def _written(self, offset: int) -> str:
        return piece(self._out.text, offset, self._out.size - offset)

    def _address(self, default: str, what: str = "a URL") -> str:
        if self._text[self._at : self._at + 1] != "(":
            return default
        begin = self._at = self._at + 1
        address: list[str] = []
        while (char := self._text[self._at : self._at + 1]) != ")":
            if not char:
                where = byte_offset(self._text, begin)
                raise MarkupError(f"Can't find end of {what} at byte offset {where}")
            escaped = self._text[self._at + 1 : self._at + 2]
            step = 2 if char == "\\" and "\0" < escaped < "\x7f" else 1
            address.append(self._text[self._at + step - 1])
            self._at += step
        self._at += 1
        return "".join(address)

    def _emoji(self) -> str:
        if self._text[self._at : self._at + 1] != "(":
            raise MarkupError("Custom emoji entity must contain a tg://emoji URL")
        address = self._address("", "a custom emoji URL")
        if not address.lower().startswith("tg:"):
            raise MarkupError("Custom emoji URL must have scheme tg")
        match = _EMOJI.match(address)
        if match is None and not re.match(r"tg:(//)?emoji\b", address, re.IGNORECASE):
            raise MarkupError('Custom emoji URL must have host "emoji"')
        pairs = (pair.partition("=") for pair in (match["query"] if match else "").split("&"))
        number = next((value for name, _, value in pairs if name == "id"), None)
        if number is None:
            raise MarkupError("Custom emoji URL must have an emoji identifier")
        if not number.isdigit() or number.startswith("0"):
            raise MarkupError("Invalid custom emoji identifier specified")
        return number

    def _quoting(self) -> bool:
        return any(entity.kind == "Quote" for entity in self._open)

    def _end_quote(self) -> None:
        """End a quote; a spoiler that has just begun says that it can be unfolded."""
        top = self._open[-1]
        folded = top.kind == "Spoiler" and not self._written(top.offset).strip("\r\n")
        if folded:
            self._open.pop()
        top = self._open[-1]
        if top.kind != "Quote":
            raise self._endless(top)
        self._open.pop()
        self._out.mark("expandable_blockquote" if folded else "blockquote", top.offset)

    def _write(self, text: str, width: int) -> None:
        self._out.write(text)
        self._at += width
        self._line_start = text in "\n\r"

    def _reserved(self, char: str) -> MarkupError:
        return MarkupError(
            f"Character '{char}' is reserved and must be escaped with the preceding '\\'"
        )

    def _endless(self, entity: _Open) -> MarkupError:
        where = byte_offset(self._text, entity.start)
        kind = "BlockQuote" if entity.kind == "Quote" else entity.kind
        return MarkupError(f"Can't find end of {kind} entity at byte offset {where}")
