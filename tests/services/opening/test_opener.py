"""Whatever a file does to the child that opens it, it costs that file alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from domain.documents import Page
from domain.errors import BackendUnavailable, Broken, Refused, TooBig
from services.opening.limits import Limits
from services.opening.opener import Opener
from services.words import Voice
from tests.services.comfy_asked import png
from tests.services.ground import until
from tests.services.opening.papers import ENGLISH, lines, locked, paper

CHILD = "tests.fakes.opening_child"


@pytest.fixture
async def hurt() -> AsyncIterator[Opener]:
    """An opener whose child files can hurt; it waits for a second."""
    one = Opener(Limits(seconds=1.0), slots=2, child=CHILD)
    try:
        yield one
    finally:
        await one.aclose()


def text(folder: Path, words: str) -> Path:
    """A file of these words."""
    file = folder / f"{words}.txt"
    file.write_text(words)
    return file


async def refused(opener: Opener, file: Path, voice: Voice) -> Refused:
    """Open what cannot be opened."""
    with pytest.raises(Refused) as caught:
        await opener.outline(file, file.name, voice)
    return caught.value


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("crash", Broken, "damaged so badly"),
        ("hang", TooBig, "takes too long"),
        ("gorge", TooBig, "more memory"),
    ],
)
async def test_a_file_that_hurts_the_child_costs_itself_alone(
    *, hurt: Opener, tmp_path: Path, voice: Voice, words: str, kind: type[Refused], said: str
) -> None:
    """Its sender is told what is wrong, and the next file is opened as ever."""
    refusal = await refused(hurt, text(tmp_path, words), voice)
    assert (kind, True) == (type(refusal), said in str(refusal))
    assert 1 == (await hurt.outline(text(tmp_path, "good"), "good.txt", voice)).pages


async def test_the_files_beside_it_are_not_touched(
    hurt: Opener, tmp_path: Path, voice: Voice
) -> None:
    """One child dies while another reads."""
    good, crash = text(tmp_path, "good"), text(tmp_path, "crash")
    outlines = [hurt.outline(file, "a.txt", voice) for file in (good, crash, good, crash, good)]
    found = await asyncio.gather(*outlines, return_exceptions=True)
    assert [False, True, False, True, False] == [isinstance(one, Broken) for one in found]


async def test_a_missing_library_is_no_fault_of_the_file(
    hurt: Opener, tmp_path: Path, voice: Voice
) -> None:
    """The operator has to know of it, and the file may be read later."""
    with pytest.raises(BackendUnavailable) as caught:
        await hurt.outline(text(tmp_path, "missing"), "a.txt", voice)
    assert "the opener of files: failed with ImportError" == str(caught.value)


async def test_an_opener_without_a_child_is_unavailable(tmp_path: Path, voice: Voice) -> None:
    """Nobody is told that the file is broken."""
    with pytest.raises(BackendUnavailable) as caught:
        await Opener(child="services.no_such").outline(text(tmp_path, "good"), "a.txt", voice)
    assert caught.value.down


async def test_who_stops_reading_leaves_no_child_at_work(
    hurt: Opener, tmp_path: Path, voice: Voice
) -> None:
    """A cancelled errand ends its child with it."""
    before = set(psutil.Process().children(recursive=True))

    def begun() -> set[psutil.Process]:
        return set(psutil.Process().children(recursive=True)) - before

    reading = asyncio.create_task(
        hurt.outline(text(tmp_path, "hang"), "a.txt", voice), name="read what hangs"
    )
    await until(lambda: begun() != set())
    hanging = begun()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    gone, _ = await asyncio.to_thread(psutil.wait_procs, list(hanging), 10)
    assert hanging <= set(gone)


async def test_a_page_may_be_drawn_while_the_pages_are_read(
    tmp_path: Path, room: Path, voice: Voice
) -> None:
    """With one place only, nobody waits for themselves."""
    one = Opener(slots=1)
    file = paper(tmp_path / "lease.pdf", [lines(ENGLISH)] * 100)
    seen: list[Page] = []
    try:
        outline = await one.outline(file, "lease.pdf", voice)
        async for page in one.pages(file, outline, voice):
            seen.append(page)
            if page.number in {1, 100}:
                assert (await one.render(file, page.number, room, voice)).path.exists()
    finally:
        await one.aclose()
    assert list(range(1, 101)) == [page.number for page in seen]


async def test_a_password_is_written_nowhere(
    tmp_path: Path, voice: Voice, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in a log nor in an error, nor in the arguments of the child."""
    caplog.set_level(logging.DEBUG)
    one = Opener(slots=1)
    try:
        with pytest.raises(Refused) as caught:
            await one.outline(locked(tmp_path / "a.pdf", "secret"), "a.pdf", voice, "hush-hush")
        children = psutil.Process().children(recursive=True)
        assert not any("hush" in " ".join(child.cmdline()) for child in children)
    finally:
        await one.aclose()
    chain: BaseException | None = caught.value
    while chain is not None:
        assert "hush" not in f"{chain!r}"
        chain = chain.__cause__
    assert "hush" not in caplog.text


async def test_who_is_about_to_look_at_a_picture_has_somebody_at_hand(
    tmp_path: Path,
) -> None:
    """The child starts while the server draws, and is the one that looks."""
    opener = Opener()
    try:
        async with opener.at_hand():
            await until(lambda: bool(opener._errands.pids))
            [child] = opener._errands.pids
            made = await opener.made(png(tmp_path / "made.png"), tmp_path, 1 << 20)
            assert (32, 24) == (made.picture.width, made.picture.height)
            assert [child] == list(opener._errands.pids)
    finally:
        await opener.aclose()


async def test_nobody_at_hand_is_no_trouble_before_there_is_a_file(tmp_path: Path) -> None:
    """A child that cannot be started is told of by whoever needs it."""
    opener = Opener(child="no.such.child")
    try:
        async with opener.at_hand():
            with pytest.raises(BackendUnavailable):
                await opener.made(png(tmp_path / "made.png"), tmp_path, 1 << 20)
    finally:
        await opener.aclose()
