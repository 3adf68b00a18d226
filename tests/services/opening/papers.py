"""Makes PDF documents, good ones and bad ones, with another library than the one that reads."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

ENGLISH = (
    "The lease begins on the first of June and ends after two years.",
    "The rent is paid in advance, before the fifth day of each month.",
)
RUSSIAN = (
    "Договор аренды начинается первого июня и длится два года.",
    "Плата вносится вперёд, до пятого числа каждого месяца.",
)
SERIF = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
LETTER = (612.0, 792.0)

Draw = Callable[[Canvas], None]


def paper(file: Path, pages: Sequence[Draw], size: tuple[float, float] = LETTER) -> Path:
    """A PDF whose pages are drawn one after another."""
    canvas = Canvas(str(file), pagesize=size)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file


def lines(texts: Sequence[str], font: str = "Helvetica", mode: int = 0) -> Draw:
    """A page with these lines; PDF's `mode` 3 draws nothing."""

    def draw(canvas: Canvas) -> None:
        piece = canvas.beginText(72, 700)
        piece.setFont(font, 12)
        piece.setTextRenderMode(mode)
        for text in texts:
            piece.textLine(text)
        canvas.drawText(piece)

    return draw


def russian(texts: Sequence[str]) -> Draw:
    """A page in Cyrillic letters."""
    pdfmetrics.registerFont(TTFont("serif", str(SERIF)))
    return lines(texts, "serif")


def scan(texts: Sequence[str], stamp: str = "") -> Draw:
    """A page that is a picture of these lines, perhaps with a word of the scanner's on it."""
    seen = Image.new("L", (1275, 1650), 255)
    pen, font = ImageDraw.Draw(seen), ImageFont.truetype(str(SERIF), 28)
    for row, text in enumerate(texts):
        pen.text((100, 150 + 60 * row), text, fill=0, font=font)
    held = io.BytesIO()
    seen.save(held, "PNG")

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(held.getvalue())), 0, 0, *LETTER)
        canvas.drawString(20, 20, stamp)

    return draw


def painted(texts: Sequence[str], ink: str, ground: str) -> Draw:
    """A page in colours."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(ground)
        canvas.rect(0, 0, *LETTER, fill=1, stroke=0)
        canvas.setFillColor(ink)
        lines(texts)(canvas)

    return draw


def locked(file: Path, password: str) -> Path:
    """A PDF that wants a password."""
    canvas = Canvas(str(file), encrypt=StandardEncryption(password, ownerPassword="owner"))
    lines(ENGLISH)(canvas)
    canvas.save()
    return file


def bare(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, of which the first is the catalogue."""
    text, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n" % (len(objects) + 1)
    return text + head + table + tail + b"%d\n%%%%EOF\n" % len(text)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"


def pageless() -> bytes:
    """A PDF with 0 pages."""
    return bare(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>")


def crowded(pages: int) -> bytes:
    """A PDF that has the same empty page many times."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages)
    return bare(CATALOGUE, tree, *([page] * pages))


def bomb(unpacked: int) -> bytes:
    """A PDF whose page unpacks, twice, to so many bytes of drawing."""
    packer, once = zlib.compressobj(9), b""
    piece = b"0 0 m 9 9 l S\n" * 75_000
    for _ in range(unpacked // len(piece)):
        once += packer.compress(piece)
    twice = zlib.compress(once + packer.flush(), 9)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"
    filters = b"/Filter[/FlateDecode/FlateDecode]"
    content = b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(twice), filters, twice)
    return bare(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content)
