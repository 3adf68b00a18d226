"""`run` starts a worker for what takes minutes, watches it, and takes it along when it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import psutil
import pytest

from domain.messages import Incoming, Place
from domain.messages import Person as Asker
from playground.server import Playground
from storage.database import Database
from storage.jobs import Jobs, NewJob
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import PATIENCE, Program, ollama, running, table
from tests.program.conftest import Make
from tests.program.house import echo
from tests.telegram import Person

CAMERA = table("video", use="tests.program.strange_cameras:Camera", gpu="card0")
WHOLE = " ".join(f"word{number}" for number in range(15))


def companions(bot: Program) -> list[psutil.Process]:
    """The workers that the program has started and that live."""
    assert bot.process is not None
    children = psutil.Process(bot.process.pid).children()
    return [one for one in children if "--fed" in one.cmdline()]


def gone(process: psutil.Process) -> bool:
    """Whether it lives no more, and leaves no zombie behind either."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (conditions of all kinds, with a deadline)
            await asyncio.sleep(0.01)


@dataclass(slots=True)
class Studio:
    """A program with a camera, and somebody who writes down jobs for it."""

    bot: Program
    play: Playground
    model: FakeOllama
    ann: Person

    async def order(self, text: str) -> int:
        """Write down a job that only the worker takes, as the program itself would."""
        database = await Database.open(f"sqlite:///{self.bot.folder / 'data' / 'hearthbot.db'}")
        said = Incoming(Place(1), 900, Asker(1, "Ann", "en"), text)
        try:
            # an answer of the model, in the place of a film: what is looked at is who gives it
            [added] = await Jobs(database).add([NewJob("chat", "video", said)])
        finally:
            await database.close()
        return added.job

    async def written(self) -> None:
        """Wait until some of the work is to be seen."""
        shown = "word1"
        await self.ann.wait_event(
            lambda e: e["type"] == "draft" and shown in e.get("text", ""), timeout=PATIENCE
        )

    async def answers(self) -> list[str]:
        """All that Ann was told since the greeting."""
        return [one["text"] for one in await self.ann.replies()][1:]

    async def at_work(self, lives: int = 1) -> psutil.Process:
        """The worker, once it has begun for the so many-th time."""
        words = "worker: bot.working [ready]"
        await until(lambda: self.bot.log.read_text().count(words) >= lives)
        [one] = companions(self.bot)
        return one


@pytest.fixture
async def studio(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[Studio]:
    """The program, its worker at work."""
    bot = program(ollama(model.url) + CAMERA, telegram="stop_seconds = 2")
    async with running(bot), Person(play.url, 1) as ann:
        made = Studio(bot, play, model, ann)
        await made.at_work()
        await ann.send("/language")  # Telegram lets nobody be written to who has said nothing
        await ann.wait_reply()
        yield made


async def test_without_a_camera_nobody_is_started(program: Make, model: FakeOllama) -> None:
    """A second process is memory that nobody needs."""
    bot = program(ollama(model.url))
    async with running(bot):
        assert [] == companions(bot)


async def test_the_worker_does_its_work_and_talk_goes_on_beside_it(studio: Studio) -> None:
    """Each in the process that is for it; the worker stands in the log by its name."""
    studio.model.script = Script(echo)
    await studio.order("A film")
    await studio.ann.wait_reply(lambda m: m["text"] == "You said: A film", timeout=PATIENCE)
    await studio.ann.send("Hello")
    await studio.ann.wait_reply(lambda m: m["text"] == "You said: Hello")


async def test_a_killed_worker_is_followed_by_another_which_does_its_work(studio: Studio) -> None:
    """Kill -9 in mid-job: the job is back in line at once and is done exactly once."""
    studio.model.script = Script(WHOLE, words_per_second=10)
    await studio.order("A film")
    await studio.written()
    first = await studio.at_work()
    first.kill()
    second = await studio.at_work(lives=2)
    assert first.pid != second.pid
    await studio.ann.wait_reply(lambda m: m["text"] == WHOLE, timeout=PATIENCE)
    assert [WHOLE] == await studio.answers()
    log = studio.bot.log.read_text()
    assert "worker died" in log
    assert "1 jobs begin again" in log
    assert first.pid not in psutil.pids()


async def test_a_killed_program_leaves_no_worker_behind(studio: Studio) -> None:
    """Its job is put back, and the next start goes on with it."""
    worker = await studio.at_work()
    studio.model.script = Script(" ".join([WHOLE] * 50), words_per_second=10)
    await studio.order("A film")
    await studio.written()
    await studio.bot.kill()
    await until(lambda: gone(worker))
    studio.model.script = Script(echo)
    await studio.bot.start_polling()
    await studio.ann.wait_reply(lambda m: m["text"] == "You said: A film", timeout=PATIENCE)
    assert ["You said: A film"] == await studio.answers()


async def test_the_worker_stops_with_the_program(studio: Studio) -> None:
    """In good order and in time, with its job back in line."""
    worker = await studio.at_work()
    studio.model.script = Script(" ".join([WHOLE] * 50), words_per_second=10)
    await studio.order("A film")
    await studio.written()
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert 0 == await studio.bot.stop()
    assert loop.time() - began < 10
    assert gone(worker)
    assert "Traceback" not in studio.bot.log.read_text()
    studio.model.script = Script(echo)
    await studio.bot.start_polling()
    await studio.ann.wait_reply(lambda m: m["text"] == "You said: A film", timeout=PATIENCE)


async def test_stop_reaches_a_job_in_the_other_process(studio: Studio) -> None:
    """The model is let go, and what was written stays."""
    studio.model.script = Script(" ".join([WHOLE] * 50), words_per_second=10)
    await studio.order("A film")
    await studio.written()
    request = studio.model.to("/api/chat")[-1]
    await studio.ann.send("/stop")
    async with asyncio.timeout(PATIENCE):
        await request.left.wait()
    await studio.ann.wait_reply(lambda m: m["text"].startswith("word0"))
