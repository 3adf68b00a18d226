"""Documents of all kinds are read: headings stay headings, rows stay rows, pages have numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.documents import DocumentKind, Outline, Page, PageWord
from domain.errors import Broken, Refused, TooBig, Unsupported
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.words import Voice
from tests.services.opening.office import (
    EPUB,
    HEADING,
    ODT,
    TABLE,
    WORDS,
    book,
    open_text,
    packed,
    page,
    slides,
    word,
    workbook,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROWS = "\n".join(" | ".join(row) for row in TABLE)


async def read(
    opener: Opener, file: Path, voice: Voice, name: str = ""
) -> tuple[Outline, list[str]]:
    """What it is, and the text of each page; their numbers are in order."""
    outline = await opener.outline(file, name or file.name, voice)
    pages = [page async for page in opener.pages(file, outline, voice)]
    assert pages == [Page(number, one.text) for number, one in enumerate(pages, 1)]
    return outline, [one.text for one in pages]


async def refused(opener: Opener, file: Path, voice: Voice) -> Refused:
    """Read what cannot be read."""
    with pytest.raises(Refused) as caught:
        await read(opener, file, voice)
    return caught.value


async def test_a_word_document_keeps_its_headings_and_its_rows(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """Whatever it is called."""
    outline, texts = await read(opener, word(tmp_path / "lease.bin"), voice, "photo.jpg")
    assert Outline(DocumentKind.DOCX, 1, "Lease") == outline
    assert [f"# {HEADING}\n{WORDS[0]}\n{WORDS[1]}\n{ROWS}\nfirst\nsecond"] == texts


async def test_an_open_document_keeps_them_too(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """Its spans and spaces are one text."""
    outline, texts = await read(opener, open_text(tmp_path / "lease.odt"), voice)
    assert Outline(DocumentKind.ODT, 1, "Lease") == outline
    assert [f"## {HEADING}\n{WORDS[0]}\n{WORDS[1]}\n{ROWS}\nfirst\nsecond"] == texts


async def test_a_workbook_has_a_page_for_each_sheet(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """Dates and numbers are written as people write them."""
    outline, texts = await read(opener, workbook(tmp_path / "payments.xlsx"), voice)
    assert Outline(DocumentKind.XLSX, 2, "Payments") == outline
    assert PageWord.SHEET == outline.page_word
    first = "# Платежи\nDate | Сумма | Paid\n2026-06-01 | 12500.5 | True\n | 3"
    assert [first, "# Notes\nnothing more"] == texts


async def test_a_presentation_has_a_page_for_each_slide(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """What the speaker wants to say is told as such."""
    outline, texts = await read(opener, slides(tmp_path / "pitch.pptx"), voice)
    assert Outline(DocumentKind.PPTX, 2, "Pitch") == outline
    assert [f"# {HEADING}\n{WORDS[0]}\n{WORDS[1]}\nNotes:\nSmile.", ROWS] == texts


async def test_a_book_has_a_page_for_each_chapter(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """In the order in which they are read, not in that of the file."""
    outline, texts = await read(opener, book(tmp_path / "lease.epub"), voice)
    assert Outline(DocumentKind.EPUB, 2, "Lease") == outline
    assert [f"# One\n{WORDS[0]}", f"# Two\n{WORDS[1]}"] == texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "koi8-r"])
async def test_a_web_page_is_what_a_browser_would_show(
    opener: Opener, tmp_path: Path, voice: Voice, encoding: str
) -> None:
    """Its scripts and styles are nobody's business; what it says of its letters counts."""
    text = page().replace("<style>", f'<meta charset="{encoding}"><style>')
    (tmp_path / "lease.html").write_bytes(text.encode(encoding))
    outline, texts = await read(opener, tmp_path / "lease.html", voice)
    assert Outline(DocumentKind.HTML, 1, "Lease") == outline
    assert [f"## {HEADING}\n{WORDS[0]}\n{WORDS[1]}\nafter\n{ROWS}"] == texts


async def test_rich_text_is_read_by_its_own_code_page(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """A picture in it is passed over."""
    russian = "".join(f"\\'{byte:02x}" for byte in WORDS[1].encode("cp1251"))
    picture = "{\\pict\\pngblip " + "0123456789abcdef" * 2000 + "}"
    row = "\\trowd Month\\cell Sum\\cell\\row "
    text = f"{{\\rtf1\\ansi\\ansicpg1251 {WORDS[0]}\\par {russian}\\par {picture}{row}}}"
    (tmp_path / "lease.rtf").write_text(text)
    outline, [read_] = await read(opener, tmp_path / "lease.rtf", voice)
    assert Outline(DocumentKind.RTF, 1) == outline
    assert [*WORDS, "Month|Sum"] == [line for line in read_.split("\n") if line]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("letter.txt", "Dear all,\n\nnothing.", DocumentKind.TEXT),
        ("letter", "Dear all,\n\nnothing.", DocumentKind.TEXT),
        ("readme.md", "# Title\n\nwords", DocumentKind.MARKDOWN),
        ("script.py", "def f():\n    return 1", DocumentKind.CODE),
        ("script", "#!/bin/sh\necho hello", DocumentKind.CODE),
        ("data.json", '{"a": 1}', DocumentKind.CODE),
        ("pretends.pdf", "Dear all,", DocumentKind.TEXT),
    ],
)
async def test_plain_text_stays_as_it_is(
    *, opener: Opener, tmp_path: Path, voice: Voice, name: str, text: str, kind: DocumentKind
) -> None:
    """Only here the name says which kind it is; indents stay."""
    (tmp_path / name).write_text(text)
    outline, texts = await read(opener, tmp_path / name, voice)
    assert (kind, [text]) == (outline.kind, texts)
    assert outline.title == ("Title" if kind is DocumentKind.MARKDOWN else "")


@pytest.mark.parametrize("between", [",", ";", "\t"])
async def test_a_table_as_text_keeps_its_rows(
    opener: Opener, tmp_path: Path, voice: Voice, between: str
) -> None:
    """Whatever stands between the cells, and whatever stands in them."""
    lines = [between.join(row) for row in TABLE]
    quoted = f'"two\nlines{between}{between}"{between}x'
    (tmp_path / "table.csv").write_text("\n".join([*lines, quoted]), encoding="utf-8")
    outline, [text] = await read(opener, tmp_path / "table.csv", voice)
    assert DocumentKind.CSV == outline.kind
    assert text.startswith(f"{ROWS}\ntwo lines")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r", "cp866"]
)
async def test_the_encoding_of_a_text_is_found_out(
    opener: Opener, tmp_path: Path, voice: Voice, encoding: str
) -> None:
    """Old Russian files are in one of three."""
    text = (
        "Договор аренды жилого помещения.\nПлата вносится до пятого числа каждого месяца, в срок."
    )
    (tmp_path / "letter.txt").write_bytes(text.encode(encoding))
    assert [text] == (await read(opener, tmp_path / "letter.txt", voice))[1]


async def test_a_long_text_is_cut_into_sections_at_its_headings(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """Nothing is lost on the way, and no section is much longer than a page."""
    chapters = [f"# Chapter {at}\n" + f"Words of chapter {at}. " * 100 for at in range(60)]
    (tmp_path / "book.md").write_text("\n".join([*chapters, "x" * 10_000]))
    outline, texts = await read(opener, tmp_path / "book.md", voice)
    assert outline.pages == len(texts)
    assert {f"# Chapter {at}" for at in range(60)} == {
        text.split("\n")[0] for text in texts if text.startswith("#")
    }
    assert max(map(len, texts)) <= 3000
    whole = "".join("\n".join(chapters).split()) + "x" * 10_000
    assert whole == "".join("".join(texts).split())


ENORMOUS = "<w:t>" + "0" * (80 << 20) + "</w:t>"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>before &i; after</w:t></w:r></w:p></w:body></w:document>"
)
FETCHES = LAUGHS.replace('<!ENTITY i "', '<!ENTITY i SYSTEM "file:///etc/passwd"><!ENTITY j "')


def many(file: Path) -> Path:
    """A document of more files than any document has."""
    return packed(file, {f"word/{at}.xml": "" for at in range(10_001)})


def lying(file: Path) -> Path:
    """A document whose part is larger than it says."""
    packed(file, {"word/document.xml": "<a>" + "0" * 5_000_000 + "</a>"})
    content = file.read_bytes()
    file.write_bytes(content.replace((5_000_007).to_bytes(4, "little"), (9).to_bytes(4, "little")))
    return file


@pytest.mark.parametrize(
    ("make", "kind", "word_"),
    [
        (lambda file: packed(file, {"word/document.xml": ENORMOUS}), TooBig, "enormous"),
        (many, TooBig, "enormous"),
        (lying, Broken, "damaged"),
        (lambda file: packed(file, {"word/document.xml": "<no"}), Broken, "damaged"),
        (lambda file: packed(file, {"xl/workbook.xml": "<no"}), Broken, "damaged"),
        (lambda file: packed(file, {"ppt/presentation.xml": "<no"}), Broken, "damaged"),
        (lambda file: packed(file, {}, EPUB), Broken, "damaged"),
        (lambda file: packed(file, {}, ODT), Broken, "damaged"),
        (lambda file: packed(file, {"a.exe": "x", "b.txt": "y"}), Unsupported, "archive"),
        (lambda file: packed(file, {"[Content_Types].xml": "x"}), Unsupported, "save it as"),
        (lambda file: open_text(file, "<x encryption-data=''/>"), Unsupported, "protect"),
        (lambda file: book(file, {"META-INF/rights.xml": ""}), Unsupported, "protect"),
    ],
    ids=[
        *("bomb", "too many files", "lies", "no xml", "no workbook", "no slides", "no book"),
        *("no text", "archive", "unknown office", "locked", "rights"),
    ],
)
async def test_a_bad_package_is_refused_with_the_reason(
    *,
    opener: Opener,
    tmp_path: Path,
    voice: Voice,
    make: Callable[[Path], Path],
    kind: type[Refused],
    word_: str,
) -> None:
    """Bombs, damage and archives are three different things."""
    refusal = await refused(opener, make(tmp_path / "bad.docx"), voice)
    assert (kind, True) == (type(refusal), word_ in str(refusal)), str(refusal)


@pytest.mark.parametrize("text", [LAUGHS, FETCHES])
async def test_nothing_is_expanded_and_nothing_fetched(
    opener: Opener, tmp_path: Path, voice: Voice, text: str
) -> None:
    """An entity stays what it is: nothing."""
    file = packed(tmp_path / "laughs.docx", {"word/document.xml": text})
    try:
        _, texts = await read(opener, file, voice)
    except Refused:
        return
    assert "haha" not in texts[0]
    assert "root:" not in texts[0]


@pytest.mark.parametrize(
    ("content", "kind", "word_"),
    [
        (b"", Broken, "empty"),
        (b"MZ\x90\x00\x03" + bytes(200), Unsupported, "program"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), Unsupported, "program"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), Unsupported, "archive"),
        (b"\x1f\x8b\x08\x00" + bytes(50), Unsupported, "archive"),
        (b"\xff\xd8\xff\xe0" + bytes(50), Unsupported, "picture"),
        (b"OggS" + bytes(50), Unsupported, "recording"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), Unsupported, "DOCX"),
        (bytes(range(256)) * 20, Unsupported, "no document"),
        (b"   \n\n  ", Unsupported, "no text"),
        (b"<html></html>", Unsupported, "no text"),
        (b"{\\rtf1 }", Unsupported, "no text"),
        (b"PK\x03\x04" + bytes(100), Broken, "damaged"),
    ],
)
async def test_what_is_no_document_is_refused_by_its_bytes(
    *,
    opener: Opener,
    tmp_path: Path,
    voice: Voice,
    content: bytes,
    kind: type[Refused],
    word_: str,
) -> None:
    """A program named as a document is told as a program."""
    (tmp_path / "invoice.pdf").write_bytes(content)
    refusal = await refused(opener, tmp_path / "invoice.pdf", voice)
    assert (kind, True) == (type(refusal), word_ in str(refusal)), str(refusal)


async def test_more_text_than_is_taken_is_refused_in_every_kind(
    tmp_path: Path, voice: Voice
) -> None:
    """Before anybody waits for it."""
    few = Opener(Limits(characters=20), slots=1)
    (tmp_path / "letter.txt").write_text("word " * 1000)
    files = [word(tmp_path / "a.docx"), workbook(tmp_path / "a.xlsx"), tmp_path / "letter.txt"]
    try:
        for file in files:
            assert isinstance(await refused(few, file, voice), TooBig)
    finally:
        await few.aclose()


async def test_a_spoilt_member_is_damage(opener: Opener, tmp_path: Path, voice: Voice) -> None:
    """Its sum does not fit."""
    file = word(tmp_path / "spoilt.docx")
    with zipfile.ZipFile(file) as opened:
        at = opened.getinfo("word/document.xml").header_offset
    content = bytearray(file.read_bytes())
    content[at + 80 : at + 90] = bytes(10)
    file.write_bytes(content)
    assert isinstance(await refused(opener, file, voice), Broken)
