"""What it takes to read a long PDF in a child, page by page.

The baseline is pypdfium2 alone, in one process that does nothing else.
"""

from __future__ import annotations

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

from benchmarks.figures import NAIVE, OURS, Claim, median
from benchmarks.papers import write
from benchmarks.scene import Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.watching import MIB, watched
from services.opening.limits import USUAL
from services.opening.opener import Opener
from services.words import Words

CLAIMS = (
    Claim("the text of 500 pages", "text", median, "s"),
    Claim("the same, in times of pdfium alone", "times", median, "x", 1.2),
    Claim("the longest that the event loop was held", "held", median, "ms", 20),
    Claim("memory that the program grew by, over 100 MB of PDF", "grown", max, "MiB", 40),
    Claim("memory of the child that read it", "child", max, "MiB", USUAL.memory / MIB),
)
ROUNDS, PAGES, QUICK_PAGES = 5, 500, 50
PICTURE = 210_000
"""Bytes of each page's picture; 500 of them are 100 MB."""

ALONE = """
import sys
import pypdfium2
document, characters = pypdfium2.PdfDocument(sys.argv[1]), 0
for page in document:
    layer = page.get_textpage()
    characters += len(layer.get_text_range())
    layer.close()
    page.close()
print(characters)
"""


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """The text of a document with and without us; then the heavy one."""
    pages = QUICK_PAGES if sheet.quick else PAGES
    plain, heavy = scenes.folder / "plain.pdf", scenes.folder / "heavy.pdf"
    await asyncio.to_thread(write, plain, pages)
    await asyncio.to_thread(write, heavy, pages, PICTURE)
    for one in sheet.several(ROUNDS):
        await _text(plain, one)
    for one in sheet.several(1):
        await _weight(heavy, one)


async def _text(file: Path, one: Round) -> None:
    """Both begin with nothing: a process is started, and pdfium is loaded."""
    began = time.monotonic()
    alone = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ALONE, str(file)), stdout=PIPE
    )
    said, _ = await alone.communicate()
    between = time.monotonic()
    async with watched() as seen:
        characters = await _read(file)
    ended = time.monotonic()
    assert characters > 0.9 * int(said)  # ours has shorter ends of lines
    one.samples[NAIVE]["text"].append(between - began)
    one.samples[OURS]["text"].append(ended - between)
    one.samples[OURS]["times"].append((ended - between) / (between - began))
    one.samples[OURS]["held"].append(seen.held)


async def _weight(file: Path, one: Round) -> None:
    async with watched() as seen:
        await _read(file)
    one.samples[OURS]["grown"].append(seen.grown)
    one.samples[OURS]["child"].append(seen.child)


async def _read(file: Path) -> int:
    """Read every page, and return how many characters there were."""
    opener, voice = Opener(slots=1), Words(file.parent).speak("en")
    try:
        outline = await opener.outline(file, file.name, voice)
        return sum([len(page.text) async for page in opener.pages(file, outline, voice)])
    finally:
        await opener.aclose()
