"""PDF documents by pdfium; runs in a child, since pdfium meets what strangers sent."""

from __future__ import annotations

import ctypes
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

from services.opening.layer import believable, tidy
from services.opening.request import Request
from services.opening.troubles import Trouble, Unreadable
from services.opening.visibility import Glass, hidden

SCALE = 200 / 72
"""Pixels a point of a page that is drawn: what the readers of letters like."""

LONGEST = 2400
"""Pixels that a drawn page has at most, either way, however large its paper is."""

SMALL = 1000
"""Pixels of a page that is looked at for contrast."""

SCANTY = 40
"""Characters below which a page full of picture is a scan with a stamp on it."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """An open PDF."""

    document: Any
    characters: int
    glass: Glass = field(default_factory=Glass)

    @property
    def title(self) -> str:
        """What its producer wrote."""
        return str(self.document.get_metadata_value("Title"))

    @property
    def count(self) -> int:
        """How many pages it has."""
        return len(self.document)

    def text(self, number: int) -> str:
        """The text layer of a page; empty where it has none, or one not to be believed."""
        # pdfium itself: what pypdfium2 wraps around a page costs a tenth of reading it
        page = raw.FPDF_LoadPage(self.document, number - 1)
        layer = raw.FPDFText_LoadPage(page) if page else None
        try:
            # drawing a page that is not there will tell what is wrong
            return self._believed(number, page, layer) if layer else ""
        finally:
            if layer:
                raw.FPDFText_ClosePage(layer)
            if page:
                raw.FPDF_ClosePage(page)

    def drawn(self, number: int) -> Any:
        """Draw a page as a picture of Pillow's; raises Unreadable."""
        if not 1 <= number <= self.count:
            raise Unreadable(Trouble.NO_PAGE)
        try:
            with closing(self.document[number - 1]) as page:
                scale = min(SCALE, LONGEST / max(*page.get_size(), 1))
                return page.render(scale=scale).to_pil()
        except pdfium.PdfiumError as error:
            raise Unreadable(Trouble.DAMAGED) from error

    def _believed(self, number: int, page: Any, layer: Any) -> str:
        told = _told(layer, self.characters)
        if not believable(told.strip("\r\n \x02")):
            return ""
        text = tidy(told)
        if len(text) < SCANTY and (not text or self._all_picture(number)):
            return ""
        return "" if hidden(page, layer, self.glass, partial(self._grey, number)) else text

    def _grey(self, number: int) -> Any:
        with closing(self.document[number - 1]) as page:
            scale = SMALL / max(*page.get_size(), 1)
            return page.render(scale=scale, grayscale=True).to_pil().convert("L")

    def _all_picture(self, number: int) -> bool:
        """Whether a picture covers half of the page or more."""
        with closing(self.document[number - 1]) as page:
            width, height = page.get_size()
            images = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
            return any(_area(one) >= width * height / 2 for one in images)


def read(request: Request) -> Pdf:
    """Open a PDF; raises Unreadable."""
    raw.FPDF_LoadDocument(b"", None)  # fails, and so pdfium forgets what failed before
    try:
        document = pdfium.PdfDocument(request.file, request.password or None)
    except pdfium.PdfiumError as error:
        raise _why(error, request) from error
    if not len(document):
        raise Unreadable(Trouble.NO_PAGES)
    if document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()  # else what was filled in would not be drawn
    return Pdf(document, request.characters)


def _why(error: Any, request: Request) -> Unreadable:
    match getattr(error, "err_code", 0):
        case raw.FPDF_ERR_PASSWORD:
            return Unreadable(Trouble.WRONG_PASSWORD if request.password else Trouble.PASSWORD)
        case raw.FPDF_ERR_SECURITY:
            return Unreadable(Trouble.PROTECTED)
        case raw.FPDF_ERR_FILE:  # nothing was said: the file is there, but no page is
            return Unreadable(Trouble.NO_PAGES)
    return Unreadable(Trouble.DAMAGED)


def _told(layer: Any, most: int) -> str:
    """All that a layer says; raises Unreadable where it says too much."""
    count = raw.FPDFText_CountChars(layer)
    if count > most:
        raise Unreadable(Trouble.CHARACTERS)
    if count <= 0:
        return ""
    room = (ctypes.c_ushort * (2 * count + 2))()  # a character may take two places
    written = raw.FPDFText_GetText(layer, 0, count, room)
    return bytes(memoryview(room)[: max(written - 1, 0)]).decode("utf-16-le", "ignore")


def _area(image: Any) -> float:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(image, left, bottom, right, top)
    return float((right.value - left.value) * (top.value - bottom.value))
