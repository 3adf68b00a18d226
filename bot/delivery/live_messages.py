"""The messages in which work is shown: one screen at a time has one, whatever its process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.body import Body
from bot.delivery.courier import Courier
from domain.jobs import Job
from storage.outbox import Outbox, Row


@dataclass(frozen=True, slots=True)
class Opened:
    """A live message that is a screen's to edit; `fresh` if it says what it was opened with.

    Without a `message` there can be none: nobody there wants to hear from the bot.
    """

    row: Row
    message: int | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class LiveMessages:
    """Opens live messages through the outbox, and knows whose they are.

    `newest` is the highest message id known where a job's answer will be.
    """

    outbox: Outbox
    courier: Courier
    newest: Callable[[Job], int]

    async def open(self, job: Job, body: Body) -> Opened | None:
        """Have it sent, or take over the one that is there; None where somebody else is at it."""
        place, newest = job.payload.place, self.newest(job)
        row = await self.outbox.open(job.answer, place.chat, place.topic, body.to_json(), newest)
        if row is None:
            return None
        if row.message is not None:
            return Opened(row, row.message, fresh=False)
        return Opened(row, await self.courier.send(row), fresh=True)

    async def holds(self, opened: Opened) -> bool:
        """Whether it is still this screen's, and its job has not ended."""
        return await self.outbox.holds(opened.row)

    async def release(self, opened: Opened) -> None:
        """Let the end be shown again, should a frame have come after it."""
        await self.outbox.put_right(opened.row.id)
