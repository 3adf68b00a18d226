"""Rich messages: exactly one source, kept as it was given, within Telegram's limits."""

import re
from collections.abc import Callable
from typing import Any

from playground.errors import bad_request
from playground.params import Params
from playground.records import Record
from playground.text import units

TEXT_LIMIT, BLOCK_LIMIT, DEPTH_LIMIT, MEDIA_LIMIT = 32_768, 500, 16, 50
_SOURCES = ("html", "markdown", "blocks")
_KINDS = frozenset((
    "paragraph", "heading", "pre", "footer", "divider", "mathematical_expression", "anchor",
    "list", "blockquote", "expandable_blockquote", "pullquote", "collage", "slideshow", "table",
    "details", "map", "buttons", "animation", "audio", "document", "photo", "video",
    "voice_note", "thinking",
))  # fmt: skip
_MEDIA = frozenset(("animation", "audio", "document", "photo", "video", "voice_note"))
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)

MediaResolver = Callable[[str, Record], Any]
"""Turns a media object of a block into what a received block carries."""


def rich_message(params: Params, resolve: MediaResolver, *, draft: bool = False) -> Record:
    """Read the rich message of a call and give it as a received message carries it."""
    given = params.record("rich_message", "InputRichMessage")
    chosen = [name for name in _SOURCES if given.get(name)]
    if not chosen:
        raise bad_request("message text is empty")
    if len(chosen) > 1:
        raise bad_request("exactly one of the fields html, markdown, or blocks must be used")
    source = chosen[0]
    if len(_array(given.get("media") or [], "InputRichMessageMedia")) > MEDIA_LIMIT:
        raise bad_request("too many media in the rich message")
    kept: Record = {"is_rtl": True} if given.get("is_rtl") else {}
    if source == "blocks":
        return {"blocks": _Blocks(resolve, draft=draft).read(given["blocks"]), **kept}
    text = str(given[source])
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    plain = _TAG.sub("", text) if source == "html" else text
    return {"blocks": _paragraphs(plain), source: text, **kept}


def _paragraphs(text: str) -> list[Record]:
    """Give bots something to read; the page lays out the source itself."""
    pieces = [piece.strip() for piece in re.split(r"\n\s*\n", text)]
    return [{"type": "paragraph", "text": piece} for piece in pieces if piece][:BLOCK_LIMIT]


class _Blocks:
    def __init__(self, resolve: MediaResolver, *, draft: bool) -> None:
        self._resolve = resolve
        self._draft = draft
        self._room, self._count = TEXT_LIMIT, 0

    def read(self, blocks: Any, depth: int = 1) -> list[Record]:
        if depth > DEPTH_LIMIT:
            raise bad_request("rich message is nested too deep")
        return [self._block(block, depth) for block in _array(blocks, "InputRichBlock")]

    def _block(self, block: Any, depth: int) -> Record:
        kind = str(block.get("type")) if isinstance(block, dict) else None
        if kind not in _KINDS or (kind == "thinking" and not self._draft):
            raise bad_request(f'can\'t parse InputRichBlock: type "{kind}" is unsupported')
        self._count += 1
        if self._count > BLOCK_LIMIT:
            raise bad_request("too many blocks in the rich message")
        read = {name: self._field(name, value, depth) for name, value in block.items()}
        if kind in _MEDIA and isinstance(block.get(kind), dict):
            read[kind] = self._resolve(kind, block[kind])
        if kind == "list":
            items = _array(block.get("items"), "InputRichBlockListItem")
            read["items"] = [self._item(item, n, depth) for n, item in enumerate(items, 1)]
        return ({"zoom": 13, "width": 600, "height": 300} if kind == "map" else {}) | read

    def _field(self, name: str, value: Any, depth: int) -> Any:
        if name == "blocks":
            return self.read(value, depth + 1)
        if name in ("text", "summary", "credit", "caption", "expression", "cells"):
            self._room -= _length(value)
            if self._room < 0:
                raise bad_request("message is too long")
        return value

    def _item(self, item: Any, number: int, depth: int) -> Record:
        if not isinstance(item, dict):
            raise bad_request("can't parse InputRichBlockListItem: expected an Object")
        label = f"{item.get('value') or number}." if item.get("type") else "•"
        return {"label": label, **item, "blocks": self.read(item.get("blocks") or [], depth + 1)}


def _array(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f"expected an Array of {what}")
    return value


def _length(value: Any) -> int:
    if isinstance(value, str):
        return units(value)
    if isinstance(value, list):
        return sum(_length(part) for part in value)
    if isinstance(value, dict):
        return _length(value.get("text", "")) + _length(value.get("expression", ""))
    return 0
