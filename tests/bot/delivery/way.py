"""The whole way from a finished job to a playground, made of the real parts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot

from bot.delivery.courier import Courier
from bot.delivery.doubt import Doubt
from bot.delivery.frames import Labels
from bot.delivery.freight import Freight
from bot.delivery.newest import Newest
from bot.delivery.pace import Pace
from bot.delivery.postman import Postman
from bot.delivery.stage import Stage
from bot.limits import CLOUD_UP
from domain.answers import Reply
from domain.jobs import Job, State
from domain.messages import Incoming, Person, Place
from playground.server import Playground
from services.files import Shelf
from storage.database import Database
from storage.jobs import Ending, Jobs, NewJob
from storage.outbox import Outbox, Row
from tests.telegram import Person as Somebody
from tests.telegram import plain_client

GROUP = -100
WORKSHOP = -1001000000001
WORKER = "worker"


@dataclass
class Delivery:
    """The whole way from a finished job to a playground."""

    play: Playground
    database: Database
    bot: Bot
    pace: Pace
    shelf: Shelf
    newest: Newest = field(default_factory=Newest)
    name: str = WORKER
    blocked: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.database, sender=self.name)
        self.jobs = Jobs(self.database)
        doubt = Doubt(self.bot, self.outbox, self.pace, self.newest)
        freight = Freight(self.shelf, CLOUD_UP)
        self.postman = Postman(self.bot, self.pace, self.newest, doubt, _at_once, freight)
        self.courier = Courier(self.outbox, self.postman, self.newest, self._on_blocked)
        self.stage = Stage(
            self.bot, self.pace, self.outbox, self.courier, self.newest, lambda _: WORDS
        )

    async def ask(self, somebody: Somebody, text: str, **fields: Any) -> Job:
        """Have somebody ask something, and start the job that it makes."""
        message = await somebody.send(text, **fields)
        place = Place(somebody.chat_id, fields.get("message_thread_id"), somebody.chat_id > 0)
        return await self.start(place, message["message_id"], somebody.user_id, text)

    async def start(
        self, place: Place, message: int, person: int, text: str, answer: int | None = None
    ) -> Job:
        """Write a job down and claim it."""
        self.newest.saw(place.chat, message)
        said = Incoming(place, message, Person(person, "Somebody", "en"), text)
        entry = NewJob(update=None, task="chat", pool="chat", incoming=said, answer=answer)
        (added,) = await self.jobs.add([entry])
        job = await self.claim()
        assert added.job == job.id
        return job

    async def wait(self, somebody: Somebody, text: str, task: str = "draw") -> Job:
        """Have somebody ask for something, which waits in line."""
        message = await somebody.send(text)
        place = Place(somebody.chat_id, None, somebody.chat_id > 0)
        said = Incoming(place, message["message_id"], Person(somebody.user_id, "Ann", "en"), text)
        self.newest.saw(place.chat, said.message)
        (added,) = await self.jobs.add([NewJob(task=task, pool="chat", incoming=said)])
        assert added.job
        found = await self.jobs.get(added.job)
        assert found
        return found.job

    async def claim(self) -> Job:
        """Begin with what is next in line."""
        (job,) = await self.jobs.claim({"chat": 1}, self.name)
        return job

    async def finish(self, job: Job, reply: Reply) -> Sequence[Row]:
        """End a job with a reply; the rows are marked as being sent and not yet delivered."""
        bodies = self.stage.compose(job, reply)
        after = self.stage.newest(job)
        ending = Ending(job.id, self.name, State.DONE, bodies=bodies, mark_sending_after=after)
        return await self.jobs.finish(ending)

    async def answer(self, job: Job, reply: Reply) -> None:
        """End a job and deliver its reply, as the worker does."""
        self.courier.deliver(await self.finish(job, reply))

    async def turn(self, **options: Any) -> None:
        """Turn the playground's knobs."""
        async with plain_client(self.play.url, timeout=10) as http:
            answer = await http.post("/play/options", json=options)
            assert answer.status_code == 200, answer.text

    async def calls(self, *methods: str) -> list[dict[str, Any]]:
        """The calls that the playground has logged, of some methods or of all."""
        async with plain_client(self.play.url, timeout=10) as http:
            logged = (await http.get("/play/calls")).json()["calls"]
        return [call for call in logged if not methods or call["method"] in methods]

    async def called(self, method: str, times: int = 1) -> None:
        """Wait until a method has been called so many times."""

        async def enough() -> bool:
            return len(await self.calls(method)) >= times

        await until(enough)

    async def settled(self, seconds: float = 20.0) -> None:
        """Wait until nothing of the outbox is open any more."""

        async def nothing_left() -> bool:
            waiting = await self.outbox.waiting(1) or await self.outbox.doubtful()
            return not waiting and not self.courier.under_way

        await until(nothing_left, seconds)

    async def _on_blocked(self, chat: int) -> None:
        self.blocked.append(chat)


WORDS = Labels(stop="Stop", thinking="Thinking…", cancel="Cancel")


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    """Wait for a condition that nothing announces."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)


async def _at_once() -> None:
    """All updates have been seen."""
