"""The schedule runs beside everything else, and ends in good order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.clockwork import Clockwork
from services.schedule import Schedule
from storage.schedule import Entries
from tests.services.ground import until

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Day:
    """Schedules over one file, one after the other, and what they did."""

    file: Path
    done: list[tuple[str, ...]] = field(default_factory=list)
    begun: int = 0
    held: bool = False

    def schedule(self) -> Schedule:
        """A program's."""
        errands = {"note": self._note, "files": self._files}
        return Schedule(f"sqlite:///{self.file}", errands, {"files": "7 * * * *"})

    @asynccontextmanager
    async def kept(self, schedule: Schedule) -> AsyncIterator[None]:
        """Run a schedule while the block does."""
        running = asyncio.create_task(schedule.run(), name="schedule")
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})
        assert running.cancelled()

    def entered(self) -> dict[str, datetime]:
        """What waits to be done, and when."""
        clockwork = Clockwork(Entries(f"sqlite:///{self.file}"), lambda *_: None, lambda: None)
        clockwork.start()
        listed = {one.id: one.next_run_time for one in clockwork.get_jobs()}
        clockwork.shutdown()
        return listed

    async def _note(self, *words: str) -> None:
        self.begun += 1
        while self.held:  # noqa: ASYNC110 - until it is cancelled
            await asyncio.sleep(0.005)
        self.done.append(words)

    async def _files(self) -> None:
        self.done.append(("files",))


@pytest.fixture
def day(tmp_path: Path) -> Day:
    """Nothing is entered yet."""
    return Day(tmp_path / "test.db")


def now() -> datetime:
    """What the clock of this machine says."""
    return datetime.now(UTC)


async def test_what_is_entered_while_it_runs_is_done(day: Day) -> None:
    """It does not sleep until the next look."""
    schedule = day.schedule()
    async with day.kept(schedule):
        await until(lambda: bool(schedule._clockwork))
        await schedule.once("a", now(), "note", "ann", "video")
        await until(lambda: bool(day.done))
        await schedule.once("b", now(), "note", "bob")
        await until(lambda: len(day.done) > 1)
    assert [("ann", "video"), ("bob",)] == day.done
    assert ["files"] == list(day.entered())


async def test_what_is_entered_before_it_runs_is_done_when_it_does(day: Day) -> None:
    """And what the last program did not come to."""
    await day.schedule().once("a", now() - HOUR, "note", "ann")
    async with day.kept(day.schedule()):
        await until(lambda: bool(day.done))
    assert [("ann",)] == day.done


async def test_an_errand_that_is_cut_short_is_done_after_the_next_start(day: Day) -> None:
    """The program does not wait for it, and nothing of the rest is begun."""
    schedule, day.held = day.schedule(), True
    for key in "abc":
        await schedule.once(key, now() - HOUR, "note", key)
    async with day.kept(schedule):
        await until(lambda: day.begun == 1)
    assert 1 == day.begun
    assert [] == day.done
    assert {"a!", "b!", "c!", "files"} == set(day.entered())


async def test_an_errand_that_nobody_does_is_struck_off(
    day: Day, caplog: pytest.LogCaptureFixture
) -> None:
    """An older program entered it."""
    schedule = day.schedule()
    await schedule.once("old", now() - HOUR, "forgotten")
    async with day.kept(schedule):
        await until(lambda: "Nobody does forgotten any more" in caplog.text)
    assert ["files"] == list(day.entered())


async def test_trouble_with_the_database_does_not_end_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on once the database does."""
    day = Day(tmp_path / "missing" / "test.db")
    async with day.kept(day.schedule()):
        await until(lambda: "The schedule goes on" in caplog.text)
        day.file.parent.mkdir()
        await until(lambda: day.file.exists() and "files" in day.entered())


async def test_what_came_up_while_nobody_looked_is_done_once(day: Day) -> None:
    """A machine that slept for days does not sweep a hundred times."""
    first = day.schedule()
    await first.once("a", now() + HOUR, "note")
    clockwork = first._clockwork
    assert clockwork is not None
    await asyncio.to_thread(clockwork.modify_job, "files", next_run_time=now() - timedelta(days=4))
    async with day.kept(first):
        await until(lambda: bool(day.done))
        await first.once("b", now(), "note", "after")
        await until(lambda: ("after",) in day.done)
    assert [("files",), ("after",)] == day.done
