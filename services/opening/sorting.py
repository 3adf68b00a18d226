"""Which kind of document a file is, by what is in it; runs in a child."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from domain.documents import DocumentKind
from services.opening.kinds import HEAD, Family, family
from services.opening.packages import Package
from services.opening.plain import SAMPLE, decoded, is_text
from services.opening.request import Request
from services.opening.troubles import Trouble, Unreadable

_REFUSED: Mapping[Family, Trouble] = MappingProxyType(
    {
        Family.PICTURE: Trouble.PICTURE,
        Family.SOUND: Trouble.SOUND,
        Family.ARCHIVE: Trouble.ARCHIVE,
        Family.PROGRAM: Trouble.PROGRAM,
        Family.OLD_OFFICE: Trouble.OLD_OFFICE,
    }
)


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


def sort(request: Request) -> DocumentKind:
    """Say which kind it is; raises Unreadable where it is no document."""
    with request.file.open("rb") as opened:
        found = family(opened.read(HEAD))
    if found in _REFUSED:
        raise Unreadable(_REFUSED[found])
    match found:
        case Family.PDF:
            return DocumentKind.PDF
        case Family.RTF:
            return DocumentKind.RTF
        case Family.ZIP:
            return Package.open(request.file).kind
    return _text(request)


def _text(request: Request) -> DocumentKind:
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
