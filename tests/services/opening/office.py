"""Makes documents of all kinds, with the libraries that others write them with."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import docx
import openpyxl  # type: ignore[import-untyped]
import pptx

HEADING = "Договор аренды"
WORDS = ("The lease begins on the first of June.", "Плата вносится до пятого числа.")
TABLE = (("Month", "Сумма"), ("June", "12 500"), ("July", "13 000"))


def word(file: Path) -> Path:
    """A DOCX with a heading, two paragraphs and a table."""
    made = docx.Document()
    made.core_properties.title = "Lease"
    made.add_heading(HEADING, 1)
    for text in WORDS:
        made.add_paragraph(text)
    table = made.add_table(rows=0, cols=2)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    made.add_paragraph("first\nsecond")
    made.save(str(file))
    return file


def workbook(file: Path) -> Path:
    """An XLSX with numbers, dates, an empty row, and a second sheet."""
    made = openpyxl.Workbook()
    made.properties.title = "Payments"
    sheet = made.active
    sheet.title = "Платежи"
    for row in (["Date", "Сумма", "Paid"], [dt.date(2026, 6, 1), 12500.5, True], [], [None, 3.0]):
        sheet.append(row)
    made.create_sheet("Notes").append(["nothing\nmore"])
    made.save(file)
    return file


def slides(file: Path) -> Path:
    """A PPTX of two slides: text with notes, and a table."""
    made = pptx.Presentation()
    made.core_properties.title = "Pitch"
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = HEADING
    first.placeholders[1].text = "\n".join(WORDS)
    first.notes_slide.notes_text_frame.text = "Smile."
    second = made.slides.add_slide(made.slide_layouts[6])
    place = (pptx.util.Inches(1),) * 4
    table = second.shapes.add_table(3, 2, *place).table
    for row, texts in enumerate(TABLE):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    made.save(str(file))
    return file


def packed(file: Path, members: dict[str, str], first: str = "") -> Path:
    """A ZIP of these members; `first` is what stands in its `mimetype`."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name, text in members.items():
            made.writestr(name, text)
    return file


ODT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "text", "table", "meta")
)


def open_text(file: Path, manifest: str = "<manifest/>") -> Path:
    """An ODT with a heading, two paragraphs and a table."""
    rows = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in TABLE
    )
    body = (
        f'<text:h text:outline-level="2">{HEADING}</text:h>'
        f"<text:p>{WORDS[0]}</text:p><text:p>Плата <text:span>вносится</text:span>"
        "<text:s/>до пятого числа.</text:p>"
        f"<table:table>{rows}</table:table>"
        "<text:p>first<text:line-break/>second</text:p>"
    )
    content = (
        f"<office:document-content {_NAMES}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    meta = (
        f'<office:document-meta {_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<office:meta><dc:title>Lease</dc:title></office:meta></office:document-meta>"
    )
    members = {"content.xml": content, "meta.xml": meta, "META-INF/manifest.xml": manifest}
    return packed(file, members, ODT)


def _cell(text: str) -> str:
    return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"


PAGE = (
    "<html><head><title>Lease</title><style>p {color: red}</style></head><body>"
    "<script>alert('no')</script><h2>{heading}</h2><p>{first}</p>"
    "<div>{second}<br>after</div><table>{rows}</table></body></html>"
)


def page() -> str:
    """A web page with a heading, two paragraphs and a table."""
    rows = "".join(f"<tr><td>{one}</td><td><p>{two}</p></td></tr>" for one, two in TABLE)
    values = {"heading": HEADING, "first": WORDS[0], "second": WORDS[1], "rows": rows}
    text = PAGE
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def book(file: Path, more: dict[str, str] | None = None) -> Path:
    """An EPUB of two chapters, the second of which comes first in the file."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<metadata><dc:title>Lease</dc:title></metadata><manifest>"
        '<item id="b" href="text/second%20one.xhtml"/><item id="a" href="text/first.xhtml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    chapter = "<html><head><title>x</title></head><body><h1>{}</h1><p>{}</p></body></html>"
    members = {
        "META-INF/container.xml": container,
        "OEBPS/book.opf": opf,
        "OEBPS/text/second one.xhtml": chapter.format("Two", WORDS[1]),
        "OEBPS/text/first.xhtml": chapter.format("One", WORDS[0]),
        **(more or {}),
    }
    return packed(file, members, EPUB)
