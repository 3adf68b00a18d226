"""The embedded eye: what it reads, what it finds nothing in, and how its engines fail."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from PIL import Image, ImageOps

from domain.errors import BackendRejected, BackendUnavailable
from domain.pictures import Picture
from services.backends.embedded_ocr import LATIN_ONLY, EmbeddedOcrVision
from services.skills import Ready
from tests.services.backends.sights import seen
from tests.services.ground import until
from tests.services.printed import (
    ENGLISH,
    LETTER,
    RUSSIAN,
    TABLE,
    UKRAINIAN,
    filed,
    photographed,
    printed,
    ruled,
    scenery,
)
from tests.services.stubs import stub

# one engine serves all its tests, so they share a loop
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def eye() -> AsyncIterator[EmbeddedOcrVision]:
    """The true tesseract."""
    if not shutil.which("tesseract"):
        pytest.skip("tesseract is not installed; run: apt-get install tesseract-ocr")
    eye = EmbeddedOcrVision(engines=("tesseract",))
    yield eye
    await eye.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def latin() -> AsyncIterator[EmbeddedOcrVision]:
    """The true rapidocr, as where there is no tesseract."""
    if not find_spec("rapidocr"):
        pytest.skip("rapidocr is not installed; run: make install")
    eye = EmbeddedOcrVision(program="no-such-program")
    yield eye
    await eye.aclose()


async def read(eye: EmbeddedOcrVision, *pictures: Picture) -> str:
    """What it tells of pictures."""
    return "".join(await seen(eye, pictures))


def words(text: str) -> list[str]:
    """The words, wherever they stand."""
    return text.split()


@pytest.mark.parametrize("lines", [ENGLISH, RUSSIAN, UKRAINIAN, LETTER], ids=len)
async def test_three_languages_are_read_to_the_letter(
    eye: EmbeddedOcrVision, tmp_path: Path, lines: Sequence[str]
) -> None:
    """Each alone, and all on one page."""
    assert list(lines) == (await read(eye, filed(printed(lines), tmp_path))).splitlines()


@pytest.mark.parametrize("size", [10, 36])
async def test_letters_may_be_small(eye: EmbeddedOcrVision, tmp_path: Path, size: int) -> None:
    """As in a picture that was made small to be sent; the small ones have 5 pixels."""
    lines = (*ENGLISH, *RUSSIAN)
    assert list(lines) == words_by_line(await read(eye, filed(printed(lines, size), tmp_path)))


@pytest.mark.parametrize("angle", [180, 270, 10, -5])
async def test_a_page_may_lie_as_it_likes(
    eye: EmbeddedOcrVision, tmp_path: Path, angle: float
) -> None:
    """On its side, on its head, or askew in the scanner."""
    page = printed(LETTER).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert words(" ".join(LETTER)) == words(await read(eye, filed(page, tmp_path)))


@pytest.mark.parametrize("angle", [0, 7])
async def test_a_photo_of_a_page_is_read(
    eye: EmbeddedOcrVision, tmp_path: Path, angle: float
) -> None:
    """With the table that it lies on, a shadow over it, and a hand that was not steady."""
    told = await read(eye, filed(photographed(printed(LETTER, 28), angle), tmp_path))
    assert list(LETTER) == [line for line in LETTER if line in told]
    made_up = len(words(told)) - len(words(" ".join(LETTER)))
    assert made_up < 4, told  # edges that look like a letter


async def test_light_letters_on_a_dark_ground_are_read(
    eye: EmbeddedOcrVision, tmp_path: Path
) -> None:
    """As on the screen of who works at night."""
    page = ImageOps.invert(printed(LETTER))
    assert list(LETTER) == words_by_line(await read(eye, filed(page, tmp_path)))


def words_by_line(text: str) -> list[str]:
    """The lines that are not empty."""
    return [line for line in text.splitlines() if line]


async def test_a_table_keeps_its_rows(eye: EmbeddedOcrVision, tmp_path: Path) -> None:
    """Its lines are no letters, and no reason to take it for a drawing."""
    told = await read(eye, filed(ruled(TABLE), tmp_path))
    assert [" ".join(row) for row in TABLE] == words_by_line(told)


@pytest.mark.parametrize(
    "nothing",
    [
        Image.new("L", (800, 600), "white"),
        Image.new("L", (1, 1), "black"),
        Image.new("L", (2, 900), "white"),
        scenery(1),
        scenery(2),
    ],
    ids=["empty", "a dot", "a hair", "a scene", "another"],
)
async def test_where_nothing_is_written_nothing_is_read(
    eye: EmbeddedOcrVision, tmp_path: Path, nothing: Image.Image
) -> None:
    """Not a piece of an answer, so that who asked can say so."""
    assert [] == await seen(eye, [filed(nothing, tmp_path)])


async def test_a_huge_page_is_read(eye: EmbeddedOcrVision, tmp_path: Path) -> None:
    """Within what is taken: 48 million pixels."""
    page = Image.new("L", (6000, 8000), "white")
    page.paste(printed(ENGLISH, 200), (300, 300))
    assert words(" ".join(ENGLISH)) == words(await read(eye, filed(page, tmp_path)))


async def test_of_an_album_it_tells_what_stands_in_which_picture(
    eye: EmbeddedOcrVision, tmp_path: Path
) -> None:
    """Where nothing is written there is nothing to tell."""
    pages = [printed(ENGLISH[:1]), scenery(1), printed(RUSSIAN[:1])]
    album = [filed(page, tmp_path, str(number)) for number, page in enumerate(pages)]
    assert [f"[1] {ENGLISH[0]}", f"\n\n[3] {RUSSIAN[0]}"] == await seen(eye, album)


async def test_it_says_who_reads_and_which_languages(eye: EmbeddedOcrVision) -> None:
    """Of those that are wanted, and in that order."""
    assert Ready(("tesseract eng+rus+ukr",)) == await eye.ready()
    russian = EmbeddedOcrVision(("rus", "tlh", "eng"), ("tesseract",))
    assert Ready(("tesseract rus+eng",)) == await russian.ready()


@pytest.mark.engine
async def test_without_tesseract_latin_letters_are_read(
    latin: EmbeddedOcrVision, tmp_path: Path
) -> None:
    """And it says that it knows no others."""
    assert Ready((LATIN_ONLY,)) == await latin.ready()
    assert list(ENGLISH) == (await read(latin, filed(printed(ENGLISH), tmp_path))).splitlines()
    table = await read(latin, filed(ruled(TABLE), tmp_path))
    assert [" ".join(row) for row in TABLE] == table.splitlines()


@pytest.mark.engine
@pytest.mark.parametrize("size", [(800, 600), (1, 1), (2, 900), (12, 4000)], ids=str)
async def test_without_tesseract_nothing_is_read_where_nothing_is_written(
    latin: EmbeddedOcrVision, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Whatever the form of the picture."""
    assert [] == await seen(latin, [filed(Image.new("L", size, "white"), tmp_path)])


async def test_what_is_no_picture_is_refused(eye: EmbeddedOcrVision, tmp_path: Path) -> None:
    """Above all a list of files, which tesseract would read instead."""
    page = filed(printed(ENGLISH), tmp_path)
    short = page.path.read_bytes()[:2000]
    for content in (b"", b"/etc/hostname\n", b"https://example.com/x.png\n", short):
        page.path.write_bytes(content)
        with pytest.raises(BackendRejected, match="cannot do this one"):
            await read(eye, page)


async def test_a_picture_that_is_gone_is_no_fault_of_the_engine(
    eye: EmbeddedOcrVision, tmp_path: Path
) -> None:
    """It is ours, so it is raised as what it is."""
    with pytest.raises(FileNotFoundError):
        await read(eye, Picture(tmp_path / "gone.jpg", "image/jpeg", 1, 1))


@pytest.mark.parametrize("seconds", [0.5, 60.0])
async def test_who_hangs_is_given_up_or_stopped_and_leaves_nothing(
    tmp_path: Path, seconds: float
) -> None:
    """When its time is over, or when nobody waits any more; with all that it has started."""
    program = stub(tmp_path, f"echo $$ > {tmp_path}/pid; sleep 600; sleep 600")
    eye = EmbeddedOcrVision(engines=("tesseract",), program=program, patience=seconds)
    page, before = filed(printed(ENGLISH), tmp_path), left_behind()
    reading = asyncio.create_task(read(eye, page), name="a page")
    await until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    pid = int((tmp_path / "pid").read_text())
    if seconds > 1:
        reading.cancel()
    await asyncio.wait({reading})
    if seconds > 1:
        assert reading.cancelled()
    else:
        assert "tesseract had not ended after 0.5 s" in str(reading.exception())
        assert isinstance(reading.exception(), BackendUnavailable)
    await until(lambda: not [one for one in psutil.pids() if group(one) == pid])
    assert left_behind() <= before
    assert {"page.jpg", "pid", "tesseract"} == {one.name for one in listed(tmp_path)}
    await eye.aclose()


def left_behind() -> set[Path]:
    """What an engine may have left where all leave things."""
    return {one for one in listed(Path(tempfile.gettempdir())) if "tess" in one.name}


def listed(folder: Path) -> set[Path]:
    """What is in a folder."""
    return set(folder.iterdir())


def group(pid: int) -> int:
    """The process group of a process, 0 where it is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


@pytest.mark.parametrize(("how", "code"), [("exit 3", 3), ("kill -SEGV $$", -11)])
async def test_who_crashes_is_unavailable(tmp_path: Path, how: str, code: int) -> None:
    """The next backend is asked; what it printed about the page is not told."""
    program = stub(tmp_path, f"echo secret words; {how}")
    eye = EmbeddedOcrVision(engines=("tesseract",), program=program)
    with pytest.raises(BackendUnavailable) as caught:
        await read(eye, filed(printed(ENGLISH), tmp_path))
    assert f"tesseract ended with {code}" == caught.value.reason
    await eye.aclose()


async def test_where_nobody_reads_it_says_how_to_get_somebody(tmp_path: Path) -> None:
    """The operator reads a command, not a traceback."""
    nobody = EmbeddedOcrVision(("eng", "chi_sim"), ("tesseract",), "no-such-program")
    no_language = EmbeddedOcrVision(("tlh",), ("tesseract",), stub(tmp_path, "exit 0"))
    page = filed(printed(ENGLISH), tmp_path)
    for eye, why in ((nobody, "nobody here reads"), (no_language, "none of the languages")):
        for call in (eye.ready(), read(eye, page)):
            with pytest.raises(BackendUnavailable, match=why) as caught:
                await call
            assert caught.value.down
            assert "run: apt-get install tesseract-ocr " in caught.value.reason
    assert "tesseract-ocr-eng tesseract-ocr-chi-sim" in str(await trouble(nobody))


async def trouble(eye: EmbeddedOcrVision) -> BackendUnavailable:
    """Why it is not ready."""
    with pytest.raises(BackendUnavailable) as caught:
        await eye.ready()
    return caught.value


async def test_its_label_names_it_for_the_operator() -> None:
    """The text appears in errors and in /status."""
    assert "embedded OCR" == EmbeddedOcrVision().label
    assert EmbeddedOcrVision.reads_only
    assert () == EmbeddedOcrVision().pids
