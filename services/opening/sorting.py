"""Which kind of document a file is, by what is in it; runs in a child."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from domain.documents import DocumentKind
from services.opening.kinds import HEAD, Family, family
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


def sort(request: Request) -> DocumentKind:
    """Say which kind it is; raises Unreadable where it is no document."""
    with request.file.open("rb") as opened:
        found = family(opened.read(HEAD))
    if found in _REFUSED:
        raise Unreadable(_REFUSED[found])
    # a PDF does not wait until what others need is loaded
    match found:
        case Family.PDF:
            return DocumentKind.PDF
        case Family.RTF:
            return DocumentKind.RTF
        case Family.ZIP:
            packed: DocumentKind = _module("packages").Package.open(request.file).kind
            return packed
    written: DocumentKind = _module("text_kinds").kind(request)
    return written


def _module(name: str) -> Any:
    return importlib.import_module(f"services.opening.{name}")
