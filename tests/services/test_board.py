"""Those who wait are shown where they stand, until they are served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from domain.answers import Phase, Progress
from domain.jobs import State
from services.board import PATIENCE, PAUSE, Board
from services.words import Voice
from storage.jobs import Ending, Head
from tests.services.ground import ME, Ground, until
from tests.services.stages import Notebook

NEXT = "You are the next in line."


@dataclass(slots=True)
class Hall:
    """A board over a line, and the screens that it opens."""

    ground: Ground
    stage: Notebook = field(default_factory=Notebook)
    up: bool = True
    board: Board = field(init=False)

    def __post_init__(self) -> None:
        ground = self.ground
        self.board = Board(
            ground.jobs, self.stage, ground.words, ground.clock, lambda: self.up, self.elsewhere
        )

    async def elsewhere(self, head: Head, voice: Voice) -> str:
        """Other lines have other words."""
        return "You wait for a film." if head.job.pool == "video" else ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Look at the line while the block runs."""
        looking = asyncio.create_task(self.board.run(), name="board")
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.wait({looking})

    async def asks(self, chat: int, pool: str = "chat/default", hold: float = 0.0) -> int:
        """Somebody asks something, and waits for longer than nobody needs to be told."""
        number = await self.ground.added(self.ground.talk.says(chat=chat), pool, hold=hold)
        self.ground.clock.now += PATIENCE + 0.01
        self.board.news.set()
        return number

    async def shows(self, number: int, note: str) -> None:
        """Wait until somebody reads something."""
        await until(lambda: bool(self.notes(number)) and self.notes(number)[-1] == note)

    def notes(self, number: int) -> list[str]:
        """All that somebody has read while they waited."""
        seen = [one for screen in self.stage.screens.get(number, ()) for one in screen.seen]
        return [one.note for one in seen if isinstance(one, Progress)]

    def open_screens(self) -> list[int]:
        """Whose screens are there now."""
        return [job for job, made in self.stage.screens.items() if any(one.open for one in made)]


@pytest.fixture
def hall(ground: Ground) -> Hall:
    """Nobody waits."""
    return Hall(ground)


async def test_each_reads_how_many_are_before_them(hall: Hall) -> None:
    """Whoever is being served counts, too."""
    ground = hall.ground
    await ground.begun(ground.talk.says(chat=9))
    second, third = await hall.asks(1), await hall.asks(2)
    async with hall.open():
        await hall.shows(second, "In line: 1 question is before yours.")
        await hall.shows(third, "In line: 2 questions are before yours.")
    [screen] = hall.stage.screens[second]
    assert Progress(Phase.QUEUED, hall.notes(second)[0]) == screen.seen[0]


async def test_the_line_moves(hall: Hall) -> None:
    """Who comes nearer reads so."""
    ground = hall.ground
    running = await ground.begun(ground.talk.says(chat=9))
    waiting = await hall.asks(1)
    async with hall.open():
        await hall.shows(waiting, "In line: 1 question is before yours.")
        await ground.jobs.finish(Ending(running.id, ME, State.DONE))
        await hall.shows(waiting, NEXT)
    assert 1 == len(hall.stage.screens[waiting])


async def test_who_is_served_has_a_screen_of_their_own(hall: Hall) -> None:
    """The board's is closed before, and at the latest when the job waits no more."""
    first, second = await hall.asks(1), await hall.asks(2)
    async with hall.open():
        await hall.shows(first, NEXT)
        await until(lambda: hall.open_screens() == [first, second])
        await hall.ground.jobs.claim({"chat/default": 1}, ME)
        await hall.board.release(first)
        assert [second] == hall.open_screens()
        await hall.ground.jobs.cancel_job(second, None)
        await until(lambda: not hall.open_screens())


async def test_nobody_is_told_when_it_is_quick(hall: Hall) -> None:
    """Commands are never shown to wait, and neither is what has just come."""
    ground = hall.ground
    command = await hall.asks(1, "quick")
    seen = await hall.asks(2)
    new = await ground.added(ground.talk.says(chat=3))
    async with hall.open():
        await hall.shows(seen, NEXT)
        assert [seen] == hall.open_screens()
        assert [] == hall.notes(command) + hall.notes(new)


async def test_who_waits_while_all_is_down_reads_so(hall: Hall) -> None:
    """In their language."""
    hall.up = False
    said = hall.ground.talk.says(chat=1)
    theirs = replace(said, person=replace(said.person, language="uk"))
    english = await hall.asks(2)
    other = await hall.ground.added(theirs)
    hall.ground.clock.now += PATIENCE + 0.01
    async with hall.open():
        await hall.shows(english, "None of my models answers; I keep trying…")
        await until(lambda: bool(hall.notes(other)))
    assert hall.notes(english)[0] != hall.notes(other)[0]


async def test_who_comes_while_the_board_pauses_is_seen(hall: Hall) -> None:
    """Nobody has to wait for somebody else to come before they are shown anything."""
    async with hall.open():
        gone = await hall.asks(1)
        await hall.shows(gone, NEXT)
        await hall.ground.jobs.cancel_job(gone, None)
        await until(lambda: not hall.open_screens())
        # a look that finds nobody is over, and a pause has begun
        number = await hall.asks(2)
        await hall.shows(number, NEXT)


async def test_who_was_held_is_seen_when_their_time_comes(hall: Hall) -> None:
    """A paste that waits for its end may have to wait for a place after that."""
    number = await hall.asks(1, hold=60.0)
    async with hall.open():
        await until(lambda: not hall.board.news.is_set())
        await until(hall.board.news.is_set)
        assert [] == hall.notes(number)
        hall.ground.clock.now += 60.0
        await hall.shows(number, NEXT)


async def test_who_comes_to_the_head_of_their_lane_is_seen(hall: Hall) -> None:
    """One's second question waits for a place, too, when the first is answered."""
    ground = hall.ground
    first = await ground.begun(ground.talk.says(chat=1))
    second = await hall.asks(1)
    async with hall.open():
        await until(lambda: not hall.board.news.is_set())
        await until(hall.board.news.is_set)
        await ground.jobs.finish(Ending(first.id, ME, State.DONE))
        await hall.shows(second, NEXT)


async def test_where_nobody_waits_nobody_looks(hall: Hall) -> None:
    """An idle bot leaves the database alone."""
    async with hall.open():
        await until(lambda: not hall.board.news.is_set())
        await asyncio.sleep(PATIENCE + 2 * PAUSE)  # so long a look would be due
        assert not hall.board.news.is_set()
        assert {} == hall.stage.screens


async def test_at_the_end_all_screens_are_closed(hall: Hall) -> None:
    """What stops leaves nothing open behind it."""
    number = await hall.asks(1)
    async with hall.open():
        await hall.shows(number, NEXT)
    assert [] == hall.open_screens()


async def test_trouble_does_not_end_it(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    """A database that fails is asked again when there is news."""
    await hall.ground.database.close()
    async with hall.open():
        await until(lambda: "The board goes on" in caplog.text)
        caplog.clear()
        hall.board.news.set()
        await until(lambda: "The board goes on" in caplog.text)
