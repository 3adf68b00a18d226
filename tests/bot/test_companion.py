"""The worker process beside the one that listens: what it is told, and what becomes of it."""

import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.companion import Companion, Ties
from tests.services.ground import until

ROOT = Path(__file__).parents[2]
IMAGE, CHAT, ANYTHING = {"image"}, {"chat/fast"}, set[str]()


@dataclass(slots=True)
class Watch:
    """A companion, what it was told, and what was heard of it."""

    companion: Companion
    notes: Path
    calls: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """What it has written down."""
        return self.notes.read_text().split() if self.notes.exists() else []


@asynccontextmanager
async def companion(folder: Path, manner: str, *command: str) -> AsyncIterator[Watch]:
    """One of these manners, at work while the block runs."""
    notes, calls = folder / "notes", list[str]()

    async def recover() -> None:
        calls.append("recover")
        raise OSError("the database is busy")

    made = Companion(
        command or (sys.executable, "-m", "tests.bot.listening_child", str(notes), manner),
        {**os.environ, "PYTHONPATH": str(ROOT)},
        Ties(lambda: calls.append("news"), recover),
        stop_seconds=0.0,
        grace=0.5,
    )
    watch = Watch(made, notes, calls)
    async with made.at_work():
        if not command:
            await until(lambda: "begins" in watch.told())
        yield watch


async def test_it_is_told_of_its_own_work_and_of_changes(tmp_path: Path) -> None:
    """Not of what is for others; its input ends when it is to stop."""
    async with companion(tmp_path, "quiet") as watch:
        for pools in (IMAGE, CHAT, ANYTHING, {"video", "quick"}):
            watch.companion.tell(pools)
        await until(lambda: ["begins", "1", "2", "3"] == watch.told())
    assert ["begins", "1", "2", "3", "ends"] == watch.told()
    watch.companion.tell(IMAGE)
    assert [] == watch.calls


async def test_while_it_is_idle_it_hears_of_new_work_only(tmp_path: Path) -> None:
    """So that talk alone costs it nothing."""
    async with companion(tmp_path, "idle") as watch:
        watch.companion.tell(IMAGE)
        await until(lambda: watch.companion.idle)
        watch.companion.tell(ANYTHING)
        watch.companion.tell(IMAGE)
        assert not watch.companion.idle
    assert ["begins", "1", "2", "ends"] == watch.told()


async def test_what_it_changes_is_heard(tmp_path: Path) -> None:
    """Work of others may have become possible by it."""
    async with companion(tmp_path, "news") as watch:
        watch.companion.tell(IMAGE)
        await until(lambda: ["news"] == watch.calls)


async def test_one_that_dies_is_followed_by_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """After a pause that grows; what it worked on is put back at once, or left to the janitor."""
    with caplog.at_level(logging.WARNING):
        async with companion(tmp_path, "dies") as watch:
            await until(lambda: watch.told().count("begins") == 3)
    assert watch.calls.count("recover") >= 2
    said = [one.getMessage() for one in caplog.records if "has ended with 3" in one.getMessage()]
    assert said[0].endswith("another begins in 0.5 s")
    assert said[1].endswith("another begins in 1 s")


async def test_one_that_does_not_stop_is_made_to(tmp_path: Path) -> None:
    """Nobody waits for it longer than they have to."""
    async with companion(tmp_path, "stubborn") as watch:
        pass
    assert ["begins", "ends"] == watch.told()


async def test_one_that_cannot_be_started_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The bot itself goes on."""
    missing = str(tmp_path / "missing")
    with caplog.at_level(logging.WARNING):
        async with companion(tmp_path, "", missing) as watch:
            await until(lambda: "recover" in watch.calls)
            watch.companion.tell(IMAGE)
    assert "cannot be started: No such file or directory" in caplog.text
