"""PDFs are read page by page; what cannot be believed is drawn instead, and what is bad is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from domain.documents import DocumentKind, Outline, Page
from domain.errors import Broken, PasswordNeeded, Refused, TooBig
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.opening.pdf_reader import LONGEST
from services.words import Voice
from tests.services.opening.papers import (
    ENGLISH,
    LETTER,
    RUSSIAN,
    Draw,
    bomb,
    crowded,
    lines,
    locked,
    pageless,
    painted,
    paper,
    russian,
    scan,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

MANY = tuple(f"Line {row}: {text}" for row, text in enumerate(ENGLISH * 3))
CYRILLIC_AS_LATIN = [one.encode("cp1251").decode("latin-1") for one in RUSSIAN * 2]
SHIFTED = ["".join(chr(ord(letter) - 29) for letter in one) for one in ENGLISH * 2]


async def read(opener: Opener, file: Path, voice: Voice, password: str = "") -> list[Page]:
    """Every page of it."""
    outline = await opener.outline(file, file.name, voice, password)
    return [page async for page in opener.pages(file, outline, voice, password=password)]


async def refused(opener: Opener, file: Path, voice: Voice) -> Refused:
    """Read what cannot be read."""
    with pytest.raises(Refused) as caught:
        await read(opener, file, voice)
    return caught.value


async def test_the_text_of_each_page_comes_under_its_number(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """English and Russian, line by line."""
    file = paper(tmp_path / "lease.pdf", [lines(ENGLISH), russian(RUSSIAN)])
    outline = await opener.outline(file, "lease.pdf", voice)
    assert Outline(DocumentKind.PDF, 2, "untitled") == outline
    pages = [page async for page in opener.pages(file, outline, voice)]
    assert [Page(1, "\n".join(ENGLISH)), Page(2, "\n".join(RUSSIAN))] == pages
    assert [pages[1]] == [page async for page in opener.pages(file, outline, voice, first=2)]


async def test_a_long_document_comes_whole_and_in_order(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """Its pages come in batches, one of which ends in the middle of a page."""
    many = [lines([f"This is page {number}.", *ENGLISH * 20]) for number in range(1, 151)]
    pages = await read(opener, paper(tmp_path / "long.pdf", many), voice)
    assert list(range(1, 151)) == [page.number for page in pages]
    expected = [f"This is page {page.number}." for page in pages]
    assert expected == [page.text.splitlines()[0] for page in pages]
    assert {41} == {len(page.text.splitlines()) for page in pages}


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: None,
        scan(ENGLISH),
        scan(ENGLISH, "Scanned with a phone"),
        lines(ENGLISH, mode=3),
        lines(CYRILLIC_AS_LATIN),
        lines(SHIFTED),
        painted(MANY, "white", "white"),
        painted(MANY, "#fefefe", "#ffffff"),
        lambda canvas: (canvas.translate(5000, 0), lines(MANY)(canvas)),
        lambda canvas: (canvas.scale(0.01, 0.01), lines(MANY)(canvas)),
    ],
    ids=[
        *("empty", "scan", "stamped scan", "invisible", "cyrillic as latin", "shifted"),
        *("white on white", "nearly white on white", "beside the paper", "too small to read"),
    ],
)
async def test_a_page_whose_text_is_missing_hidden_or_broken_comes_without_any(
    opener: Opener, tmp_path: Path, voice: Voice, draw: Draw
) -> None:
    """It is drawn and read as people see it; the pages around it are not touched."""
    file = paper(tmp_path / "mixed.pdf", [lines(ENGLISH), draw, russian(RUSSIAN)])
    expected = ["\n".join(ENGLISH), "", "\n".join(RUSSIAN)]
    assert expected == [page.text for page in await read(opener, file, voice)]


@pytest.mark.parametrize(
    "draw",
    [
        painted(MANY, "white", "navy"),
        painted(MANY, "white", "#808080"),
        lambda canvas: (canvas.rotate(90), canvas.translate(0, -750), lines(MANY)(canvas)),
        lines(["Figures", *(f"{row} 1,024.50 = 3.14 / {row * 7} %" for row in range(20))]),
        lines(["x"]),
    ],
    ids=["white on blue", "white on grey", "turned", "figures", "one letter"],
)
async def test_unusual_text_that_can_be_seen_is_taken(
    opener: Opener, tmp_path: Path, voice: Voice, draw: Draw
) -> None:
    """Nobody wants to wait for letters to be read that are there already."""
    [page] = await read(opener, paper(tmp_path / "unusual.pdf", [draw]), voice)
    assert page.text


async def test_a_turned_page_with_white_text_on_colour_is_seen_as_it_is_drawn(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """What looks for contrast turns the page, too."""

    def draw(canvas: object) -> None:
        canvas.setPageRotation(90)  # type: ignore[attr-defined]
        painted(MANY, "white", "navy")(canvas)

    [page] = await read(opener, paper(tmp_path / "turned.pdf", [draw], LETTER[::-1]), voice)
    assert sorted(MANY) == sorted(page.text.splitlines())


async def test_a_page_is_drawn_upright_and_readably_large(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """At 200 dots an inch, as the readers of letters like it."""
    file = paper(tmp_path / "scan.pdf", [lines(ENGLISH), scan(RUSSIAN)])
    picture = await opener.render(file, 2, room, voice)
    assert ("image/jpeg", 1700, 2200) == (picture.mime, picture.width, picture.height)
    with Image.open(picture.path) as drawn:
        assert {0, 255} <= {shade for _, shade in drawn.convert("1").getcolors() or ()}
    assert (await opener.render(file, 1, room, voice)).path != picture.path


@pytest.mark.parametrize("size", [(14_400.0, 14_400.0), (14_400.0, 3.0), (3.0, 3.0)])
async def test_a_page_as_large_as_a_house_is_drawn_no_larger_than_any(
    *, opener: Opener, tmp_path: Path, room: Path, voice: Voice, size: tuple[float, float]
) -> None:
    """200 by 200 inches at 200 dots an inch would be 1600 megapixels."""
    file = paper(tmp_path / "large.pdf", [lines(ENGLISH)], size)
    picture = await opener.render(file, 1, room, voice)
    assert 32 <= min(picture.width, picture.height)
    assert max(picture.width, picture.height) <= LONGEST


async def test_a_page_that_is_not_there_cannot_be_drawn(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """Nor can page 0."""
    file = paper(tmp_path / "one.pdf", [lines(ENGLISH)])
    for number in (0, 2, -1):
        with pytest.raises(Broken):
            await opener.render(file, number, room, voice)


async def test_a_locked_document_asks_for_its_password(
    opener: Opener, tmp_path: Path, room: Path, voice: Voice
) -> None:
    """A wrong one is told apart from none, and the right one opens it each time it is given."""
    file = locked(tmp_path / "locked.pdf", "secret")
    refusal = await refused(opener, file, voice)
    assert (PasswordNeeded, True) == (type(refusal), "send me its password" in str(refusal))
    with pytest.raises(PasswordNeeded) as caught:
        await opener.outline(file, "locked.pdf", voice, "guess")
    assert "does not open" in str(caught.value)
    [page] = await read(opener, file, voice, "secret")
    assert "\n".join(ENGLISH) == page.text
    assert await opener.render(file, 1, room, voice, password="secret")
    assert isinstance(await refused(opener, file, voice), PasswordNeeded)


async def test_a_document_without_pages_has_nothing_to_read(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """0 pages are no document."""
    (tmp_path / "none.pdf").write_bytes(pageless())
    refusal = await refused(opener, tmp_path / "none.pdf", voice)
    assert (Broken, True) == (type(refusal), "no pages" in str(refusal))


async def test_a_document_of_5000_pages_is_refused_with_both_numbers(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """The person can cut it."""
    (tmp_path / "many.pdf").write_bytes(crowded(5000))
    refusal = await refused(opener, tmp_path / "many.pdf", voice)
    expected = "This document has 5000 pages, and I read up to 2000 pages. "
    assert (TooBig, f"{expected}Please send a part of it.") == (type(refusal), str(refusal))


async def test_a_page_that_unpacks_to_gigabytes_costs_one_file(
    opener: Opener, tmp_path: Path, voice: Voice
) -> None:
    """The child runs out of memory or of time; the next file is read as ever."""
    small = Opener(Limits(seconds=5, memory=320 << 20), slots=1)
    (tmp_path / "bomb.pdf").write_bytes(bomb(320 << 20))
    assert (tmp_path / "bomb.pdf").stat().st_size < 1 << 20
    try:
        refusal = await refused(small, tmp_path / "bomb.pdf", voice)
        [page] = await read(small, paper(tmp_path / "good.pdf", [lines(ENGLISH)]), voice)
    finally:
        await small.aclose()
    assert isinstance(refusal, Broken | TooBig)
    assert "\n".join(ENGLISH) == page.text


async def test_more_text_than_is_taken_is_told_as_soon_as_it_is_met(
    tmp_path: Path, voice: Voice
) -> None:
    """The pages before it have come."""
    few = Opener(Limits(characters=300), slots=1)
    file = paper(tmp_path / "wordy.pdf", [lines(ENGLISH)] * 3)
    seen = []
    try:
        outline = await few.outline(file, "wordy.pdf", voice)
        with pytest.raises(TooBig) as caught:
            seen = [page async for page in few.pages(file, outline, voice)]
    finally:
        await few.aclose()
    assert not seen
    assert "up to 300 characters" in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 20, pageless()[:60]]
)
async def test_a_damaged_document_is_told_as_one(
    opener: Opener, tmp_path: Path, voice: Voice, content: bytes
) -> None:
    """The person is asked to save it anew."""
    (tmp_path / "bad.pdf").write_bytes(content)
    assert isinstance(await refused(opener, tmp_path / "bad.pdf", voice), Broken)
