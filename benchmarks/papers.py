"""Makes long PDFs, page by page, so that making them takes no memory."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

WORDS = [
    "the",
    "tenant",
    "pays",
    "rent",
    "in",
    "advance",
    "before",
    "each",
    "month",
    "ends",
    "and",
    "keeps",
    "rooms",
    "lights",
    "stairs",
    "windows",
    "doors",
    "clean",
    "while",
    "heating",
    "water",
    "repairs",
    "insurance",
    "remain",
    "with",
    "owner",
    "unless",
    "both",
    "agree",
]
LINES, LINE_WORDS = 45, 12
WIDTH = 500
"""Pixels of a line of a picture."""


def write(file: Path, pages: int, picture: int = 0, seed: int = 1) -> None:
    """Write a PDF of so many pages of text, each with a picture of about so many bytes."""
    chance = random.Random(seed)
    with file.open("wb") as out:
        out.write(b"%PDF-1.7\n")
        places = [
            _add(out, number, one) for number, one in enumerate(_objects(pages, picture, chance), 1)
        ]
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(places) + 1))
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)


def _add(out: BinaryIO, number: int, content: bytes) -> int:
    place = out.tell()
    out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    return place


def _objects(pages: int, picture: int, chance: random.Random) -> Iterator[bytes]:
    yield b"<</Type/Catalog/Pages 2 0 R>>"
    kids = b" ".join(b"%d 0 R" % (4 + 3 * number) for number in range(pages))
    yield b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)
    yield b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    for number in range(pages):
        yield from _page(4 + 3 * number, picture, chance)


def _page(at: int, picture: int, chance: random.Random) -> tuple[bytes, bytes, bytes]:
    """A page, its text and its picture, of which the first has the number `at`."""
    resources = b"<</Font<</F 3 0 R>>/XObject<</I %d 0 R>>>>" % (at + 2)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources%s/Contents %d 0 R>>" % (
        resources,
        at + 1,
    )
    lines = b"".join(_line(chance) for _ in range(LINES))
    text = b"q 40 0 0 40 500 740 cm /I Do Q BT /F 10 Tf 50 720 Td 15 TL\n%sET" % lines
    height = max(1, picture // WIDTH)
    shape = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % (WIDTH, height)
    pixels = chance.randbytes(WIDTH * height)
    return page, _stream(b"", text), _stream(shape + b"/ColorSpace/DeviceGray", pixels)


def _line(chance: random.Random) -> bytes:
    return b"(%s) Tj T*\n" % " ".join(chance.choices(WORDS, k=LINE_WORDS)).encode()


def _stream(told: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (told, len(content), content)
