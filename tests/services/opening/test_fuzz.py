"""Files that nobody would think of: each is read or refused in words, and the parent lives on."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pillow_heif import from_pillow

from domain.errors import Refused
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.words import Voice, Words
from tests.services.opening.office import book, open_text, slides, word, workbook
from tests.services.opening.papers import ENGLISH, RUSSIAN, lines, paper, russian, scan

Edit = tuple[float, bytes]

edits = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=12)
"""Places, as shares of a file, and what is written over there."""

cuts = st.one_of(st.just(1.0), st.floats(0.05, 1))
limits = Limits(pages=20, characters=50_000, pixels=4_000_000, seconds=5, memory=768 << 20)


class Reader:
    """An opener with a loop of its own, so that many examples have one child."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.opener = Opener(limits, slots=1)
        self.folder = folder
        self.voice: Voice = Words(folder).speak("en")

    def pictures(self, content: bytes) -> str:
        """Open it as a picture; what is said where that fails."""
        return self.runner.run(self._told(content, self._look))

    def document(self, content: bytes) -> str:
        """Read it as a document, and draw its first page."""
        return self.runner.run(self._told(content, self._read))

    def close(self) -> None:
        """End the child."""
        self.runner.run(self.opener.aclose())
        self.runner.close()

    async def _told(self, content: bytes, work: object) -> str:
        file = self.folder / "file"
        file.write_bytes(content)
        try:
            await work(file)  # type: ignore[operator]
        except Refused as refusal:
            return str(refusal)
        return "read"

    async def _look(self, file: Path) -> None:
        for one in await self.opener.pictures(file, self.folder, self.voice):
            assert one.path.stat().st_size > 0

    async def _read(self, file: Path) -> None:
        outline = await self.opener.outline(file, "file", self.voice)
        pages = [one async for one in self.opener.pages(file, outline, self.voice)]
        assert list(range(1, outline.pages + 1)) == [one.number for one in pages]
        if outline.kind == "pdf":
            await self.opener.render(file, 1, self.folder, self.voice)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One for all examples."""
    one = Reader(tmp_path_factory.mktemp("fuzz"))
    yield one
    one.close()


def mutated(content: bytes, changes: Sequence[Edit], cut: float) -> bytes:
    """A file with some bytes written over, and perhaps its end missing."""
    changed = bytearray(content)
    for share, written in changes:
        at = int(share * max(len(changed) - len(written), 0))
        changed[at : at + len(written)] = written
    return bytes(changed[: int(len(changed) * cut)])


def pictures() -> tuple[bytes, ...]:
    """One of each kind."""
    made, seen = [], Image.linear_gradient("L").convert("RGB").resize((80, 60))
    for form in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"):
        held = io.BytesIO()
        seen.save(held, form)
        made.append(held.getvalue())
    held = io.BytesIO()
    from_pillow(seen).save(held)
    return (*made, held.getvalue())


def papers() -> tuple[bytes, ...]:
    """PDFs of several sorts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.pdf"
        drawn = ([lines(ENGLISH)], [russian(RUSSIAN)], [scan(ENGLISH[:1])], [lines(ENGLISH)] * 3)
        return tuple(paper(file, one).read_bytes() for one in drawn)


def packages() -> tuple[bytes, ...]:
    """Office documents and a book."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a"
        return tuple(one(file).read_bytes() for one in (word, workbook, slides, open_text, book))


PICTURES, PAPERS, PACKAGES = pictures(), papers(), packages()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PICTURES), edits, cuts)
def test_no_picture_is_too_broken(
    reader: Reader, content: bytes, changes: Sequence[Edit], cut: float
) -> None:
    """It becomes a picture, or one clear word."""
    assert reader.pictures(mutated(content, changes, cut))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PAPERS), edits, cuts)
def test_no_pdf_is_too_broken(
    reader: Reader, content: bytes, changes: Sequence[Edit], cut: float
) -> None:
    """It is read and drawn, or refused in words."""
    assert reader.document(mutated(content, changes, cut))


@settings(max_examples=75, deadline=None)
@given(st.sampled_from(PACKAGES), edits, cuts)
def test_no_office_document_is_too_broken(
    reader: Reader, content: bytes, changes: Sequence[Edit], cut: float
) -> None:
    """Whatever is wrong with its package, or in it."""
    assert reader.document(mutated(content, changes, cut))


@settings(max_examples=75, deadline=None)
@given(st.sampled_from((b"", b"%PDF-1.7\n", b"{\\rtf1 ", b"<html>", b"\xff\xfe")), st.binary())
def test_no_bytes_are_too_strange(reader: Reader, start: bytes, noise: bytes) -> None:
    """Noise is text, or nothing that can be read."""
    assert reader.document(start + noise)
    assert reader.pictures(start + noise)
