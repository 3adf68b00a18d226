"""A child process: rapidocr, which reads Latin letters where there is no tesseract.

Its weights know no others: of a Cyrillic line it leaves the punctuation, and is sure of it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from services.errand_child import Errand, serve
from services.straightening import straightened

LONGISH = 8
"""How many times as long as wide a page may be."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, and where its box is on the page, in pixels from the top left."""

    text: str
    left: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Reader:
    """rapidocr with its weights; `numpy` is the library that it takes its pictures from."""

    engine: Any
    numpy: Any

    def __call__(self, errand: Errand) -> Mapping[str, object]:
        """Read a page; raises ValueError where it is no picture."""
        page = straightened(Path(errand["path"]))
        found = self.engine(self.numpy.asarray(_sheet(page))) if page else None
        if found is None or not found.txts:
            return {"text": ""}
        return {"text": text(map(_piece, found.boxes.tolist(), found.txts))}


def text(pieces: Iterable[Piece]) -> str:
    """Put pieces into rows, and rows under each other; what is no row of letters is left out."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.middle):
        if rows and rows[-1][0].top < piece.middle < rows[-1][0].bottom:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = (" ".join(one.text for one in sorted(row, key=lambda one: one.left)) for row in rows)
    return "\n".join(" ".join(line.split()) for line in lines if any(map(str.isalnum, line)))


def _sheet(page: Image.Image) -> Image.Image:
    """The page in the form of a sheet: a strip would be blown up until its short side is long."""
    shortest = max(page.size) // LONGISH
    size = (max(page.width, shortest), max(page.height, shortest))
    sheet = Image.new("RGB", size, "white")
    sheet.paste(page)
    return sheet


def _piece(box: Sequence[Sequence[float]], said: str) -> Piece:
    down = [y for _, y in box]
    return Piece(said, min(x for x, _ in box), min(down), max(down))


def prepare(settings: Errand) -> Reader:
    """Load the weights, which come with the package."""
    library = importlib.import_module("rapidocr")  # it may be missing, which is ours to tell
    threads = settings["threads"]
    engine = library.RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return Reader(engine, importlib.import_module("numpy"))


if __name__ == "__main__":
    serve(prepare)
