"""Which kind of text a file is, and whether it is any."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from domain.documents import DocumentKind
from services.opening.plain import SAMPLE, decoded, is_text
from services.opening.request import Request
from services.opening.troubles import Trouble, Unreadable

_PAGE = re.compile(r"<(!doctype html|html|fictionbook)\b", re.IGNORECASE)
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_CODE = (
    "py pyi js mjs ts tsx jsx java kt c h cc cpp hpp cs go rs rb php pl lua r swift scala sh bash "
    "zsh ps1 bat sql json jsonl yaml yml toml ini cfg conf xml css scss vue svelte dart ex exs erl "
    "hs ml clj tex cmake gradle make mk dockerfile diff patch proto graphql ipynb asm s f90 jl nim"
)
_ENDINGS: Mapping[str, DocumentKind] = MappingProxyType(
    {
        ".csv": DocumentKind.CSV,
        ".tsv": DocumentKind.CSV,
        ".md": DocumentKind.MARKDOWN,
        ".markdown": DocumentKind.MARKDOWN,
        **{f".{one}": DocumentKind.CODE for one in _CODE.split()},
    }
)


def kind(request: Request) -> DocumentKind:
    """Which kind of text it is: here its name helps, for nothing depends on it."""
    with request.file.open("rb") as opened:
        head = opened.read(SAMPLE)
    if not is_text(head):
        raise Unreadable(Trouble.NO_DOCUMENT)
    text = decoded(head, markup=True).lstrip("\ufeff \r\n\t")
    ending = PurePath(request.name.lower()).suffix
    if _PAGE.search(text[:1000]) or (ending in _PAGES and text.startswith("<")):
        return DocumentKind.HTML
    if text.startswith(("#!", "<?xml")):
        return DocumentKind.CODE
    return _ENDINGS.get(ending, DocumentKind.TEXT)
