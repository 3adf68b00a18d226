"""A child process: opens what strangers sent, so that a bad file costs nobody but its sender."""

from __future__ import annotations

import importlib
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from domain.documents import DocumentKind
from services.errand_child import Errand, serve
from services.opening.readings import Place, Reading, batch
from services.opening.request import Request
from services.opening.sorting import sort
from services.opening.troubles import Trouble, Unreadable

TITLE = 200
"""Characters of a title that are kept."""

Answer = Mapping[str, object]


_READERS = {
    **{kind: f"{kind.value}_reader" for kind in DocumentKind},
    DocumentKind.MARKDOWN: "text_reader",
    DocumentKind.CODE: "text_reader",
}

_DAMAGED = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError),
    *(TypeError, ValueError, BadZipFile, struct.error, zlib.error),
)
"""What the libraries raise over damaged files, each in its way."""


class Desk:
    """Does what an errand says; the libraries of a format are loaded when it is first met.

    The document that was read last stays open, for its next page is asked for next.
    """

    def __init__(self) -> None:
        self._open: tuple[object, Reading] | None = None

    def __call__(self, errand: Errand) -> Answer:
        """Answer, with the trouble where there is one. What else goes wrong ends the child."""
        try:
            answer: Answer = getattr(self, f"do_{errand['do']}")(errand)
        except _DAMAGED:
            self._open = None
            return {"trouble": Trouble.DAMAGED.value, "number": 0}
        except Unreadable as trouble:
            return {"trouble": trouble.trouble.value, "number": trouble.number}
        except MemoryError:
            self._open = None
            return {"trouble": Trouble.MEMORY.value, "number": 0}
        return answer

    def do_pictures(self, errand: Errand) -> Answer:
        """Make the pictures of a file ready."""
        reader = _module("picture_reader")
        reader.ready()
        place = (Path(errand["file"]), Path(errand["into"]))
        named = ("pixels", "longest", "quality")
        measure = reader.Measure(**{name: errand[name] for name in named if name in errand})
        return {"pictures": reader.convert(*place, errand["most"], measure)}

    def do_made(self, errand: Errand) -> Answer:
        """Look at a picture that a server made, and write it as it is sent."""
        _module("picture_reader").ready()
        place = (Path(errand["file"]), Path(errand["into"]))
        made: Answer = _module("made_picture").finish(*place, errand["most"], errand["pixels"])
        return made

    def do_outline(self, errand: Errand) -> Answer:
        """Say what a file is, how many pages it has, and its title."""
        kind = sort(Request.of(errand))
        reading = self._reading(kind, errand)
        return {"kind": kind.value, "pages": reading.count, "title": _line(reading.title)}

    def do_pages(self, errand: Errand) -> Answer:
        """Read on from a place."""
        reading = self._reading(DocumentKind(errand["kind"]), errand)
        return batch(reading, Place(errand["page"], errand["offset"]))

    def do_draw(self, errand: Errand) -> Answer:
        """Write a page as a picture."""
        reading = self._reading(DocumentKind.PDF, errand)
        jpeg, drawn = _module("jpeg"), reading.drawn(errand["page"])
        saved: Answer = jpeg.save(jpeg.opaque(drawn.convert("RGB")), Path(errand["into"]))
        return saved

    def _reading(self, kind: DocumentKind, errand: Errand) -> Any:
        request = Request.of(errand)
        stat = request.file.stat()
        key = (kind, request.file, request.password, stat.st_mtime_ns, stat.st_size)
        if self._open is None or self._open[0] != key:
            self._open = None  # the memory of one document at a time
            self._open = (key, self._read(kind, request))
        return self._open[1]

    def _read(self, kind: DocumentKind, request: Request) -> Reading:
        reading: Reading = _module(_READERS[kind]).read(request)
        if not reading.count:
            raise Unreadable(Trouble.NO_PAGES)
        if reading.count > request.pages:
            raise Unreadable(Trouble.PAGES, reading.count)
        return reading


def _line(text: str) -> str:
    """Fit for a line: what cannot be seen is left out."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:TITLE]


def _module(name: str) -> Any:
    return importlib.import_module(f"services.opening.{name}")


def _desk(settings: Errand) -> Desk:
    """With what is sure to be needed loaded already."""
    for name in settings.get("loads", ()):
        _module(name)
    return Desk()


if __name__ == "__main__":
    serve(_desk)
