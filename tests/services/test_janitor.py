"""Housekeeping: work of the dead goes back in line, and what is over is forgotten in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.jobs import Job, State
from services.counting import Counting
from services.excuses import Excuses
from services.files import Shelf
from services.janitor import KEPT_SECONDS, SWEEP_SECONDS, Janitor, Living
from services.skills import Usage
from services.tidying import Tidying
from services.worker import Worker
from storage.documents import Documents
from storage.figures import Figures
from storage.ledger import Ledger
from storage.outbox import Outbox
from storage.updates import Updates
from tests.services.ground import ME, Ground, until
from tests.services.stages import Notebook

DEAD = "a dead worker"
OTHER = "another living worker"


class Nowhere:
    """No places: the worker of these tests begins nothing."""

    def free(self, running: object) -> dict[str, int]:
        """None."""
        return {}


@dataclass(slots=True)
class Watch:
    """A janitor, and what it takes up."""

    ground: Ground
    folder: Path
    inherited: list[set[str]] = field(default_factory=list)
    refreshed: int = 0
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    janitor: Janitor = field(init=False)

    def __post_init__(self) -> None:
        ground = self.ground

        async def nothing(_job: int) -> None:
            """Nobody shows what waits."""

        async def inherit(gone: set[str]) -> None:
            self.inherited.append(gone)

        worker = Worker(
            ground.jobs,
            {},
            Notebook(),
            Nowhere(),
            Excuses(ground.words),
            ME,
            ground.clock,
            nothing,
        )
        self.janitor = Janitor(
            ground.jobs,
            ground.outbox,
            Updates(ground.database, ground.clock),
            worker,
            Counting(Figures(ground.database, ground.clock)),
            Living(self._dead, inherit),
            Tidying(
                self.folder / "work",
                Shelf(self.folder / "outgoing"),
                ground.outbox,
                Ledger(ground.database, ground.clock),
                Documents(ground.database, ground.clock),
                0.0,
            ),
            ground.clock,
            self._refresh,
            pause=0.01,
        )

    async def _refresh(self) -> None:
        self.refreshed += 1

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Keep house while the block runs."""
        running = asyncio.create_task(self.janitor.run(), name="janitor")
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})

    async def state(self, number: int) -> State | None:
        """Where a job stands; None where it is forgotten."""
        found = await self.ground.jobs.get(number)
        return found.state if found else None

    async def remembers(self, job: Job) -> bool:
        """Whether a job or its messages are still there."""
        messages = await self.ground.outbox.messages_of(job.answer)
        return bool(messages) or await self.state(job.id) is not None

    async def begun_by(self, worker: str, chat: int = 1) -> int:
        """A job that a worker works on."""
        number = await self.ground.added(self.ground.talk.says(chat=chat))
        [job] = await self.ground.jobs.claim({"chat/default": 1}, worker)
        assert number == job.id
        return number

    def _dead(self, names: Iterable[str]) -> set[str]:
        return {DEAD} & set(names)


@pytest.fixture
def watch(ground: Ground, tmp_path: Path) -> Watch:
    """A janitor who has not begun."""
    return Watch(ground, tmp_path)


async def test_work_of_the_dead_begins_again(watch: Watch) -> None:
    """That of the living, and our own, goes on."""
    numbers = [await watch.begun_by(name, chat) for chat, name in enumerate((DEAD, OTHER, ME), 1)]
    await watch.janitor.recover()
    expected = [State.QUEUED, State.RUNNING, State.RUNNING]
    assert expected == [await watch.state(number) for number in numbers]
    assert watch.janitor.worker.wake.is_set()


async def test_where_all_live_nothing_changes(watch: Watch) -> None:
    """And nobody is woken for it."""
    number = await watch.begun_by(OTHER)
    await watch.janitor.recover()
    assert State.RUNNING is await watch.state(number)
    assert not watch.janitor.worker.wake.is_set()
    assert [] == watch.inherited


async def test_what_the_dead_were_sending_is_taken_up(watch: Watch) -> None:
    """Once their work is found, before it is begun again."""
    theirs = Outbox(watch.ground.database, watch.ground.clock, DEAD)
    assert await theirs.open(1, 1, None, "half", 0) is not None
    await watch.janitor.recover()
    assert [{DEAD}] == watch.inherited


async def test_what_somebody_adds_elsewhere_is_begun(watch: Watch) -> None:
    """Another process writes a job down; the worker here is woken by looking."""
    async with watch.keeping():
        await watch.ground.added(watch.ground.talk.says())
        async with asyncio.timeout(10):
            await watch.janitor.worker.wake.wait()


async def test_figures_are_written_now_and_then(watch: Watch) -> None:
    """A crash costs a few seconds of them."""
    counting = watch.janitor.counting
    counting.add("Kitchen", Usage(1, 2))
    async with watch.keeping(), asyncio.timeout(10):
        while not (days := await counting.figures.recent(1)):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
    assert [1] == [one.tally.answers for one in days]


async def test_what_is_over_is_forgotten_in_time(watch: Watch) -> None:
    """Jobs, messages and updates; nothing that can still be asked about."""
    ground = watch.ground
    old = await ground.answered(ground.talk.says("old"), 10, update=7)
    ground.clock.now += KEPT_SECONDS + 1
    young = await ground.answered(ground.talk.says("young"), 20)
    ground.clock.now += SWEEP_SECONDS
    async with watch.keeping(), asyncio.timeout(10):
        while await watch.remembers(old):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.005)
    assert State.DONE is await watch.state(young.id)
    assert [20] == await ground.outbox.messages_of(young.answer)


async def test_rooms_of_the_dead_are_swept(watch: Watch) -> None:
    """What a killed process was working on does not stay on the disk."""
    rooms = [watch.folder / "work" / name / "7" for name in (DEAD, OTHER, ME)]
    for room in rooms:
        room.mkdir(parents=True)
        (room / "note.wav").write_bytes(b"sound")
    watch.ground.clock.now += SWEEP_SECONDS
    async with watch.keeping():
        await until(lambda: not rooms[0].parent.exists())
    assert [True, True] == [(room / "note.wav").exists() for room in rooms[1:]]


async def test_what_others_may_have_changed_is_read_again(watch: Watch) -> None:
    """At every look."""
    async with watch.keeping():
        await until(lambda: watch.refreshed >= 2)


async def test_trouble_does_not_end_it(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    """What fails is looked after again."""
    await watch.ground.database.close()
    async with watch.keeping():
        await until(lambda: caplog.text.count("The janitor goes on") >= 2)
