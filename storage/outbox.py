"""The outbox: what Telegram should show, until it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from storage import adoption, deliveries, live, outbox_queries
from storage.adoption import Adoption
from storage.database import Database
from storage.deliveries import Failure, Marks, Sent
from storage.live import Live
from storage.outbox_rows import Delivery, Row

__all__ = ["Delivery", "Outbox", "Row", "Sent"]


class Outbox:
    """One row a Telegram message: its wanted content, and how far it has come.

    `sender` is the name under which this program sends, the same under which it works.
    """

    def __init__(
        self, database: Database, clock: Callable[[], float] = time.time, sender: str = ""
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender

    async def open(
        self, answer: int, chat: int, topic: int | None, body: str, after: int
    ) -> Row | None:
        """The message in which an answer is shown while it is written.

        A row without a message is marked as being sent and is the caller's to send. A row with
        a message is the caller's to edit, until somebody else opens it or the job ends. None
        while another program is sending it or works on the answer, and after the end.
        """
        wanted = Live(answer, chat, topic, body, after, self._clock(), self._sender)
        return await self._database.write(live.open_live, wanted, durable=True)

    async def holds(self, row: Row) -> bool:
        """Whether a row that was opened is still the caller's to edit."""
        return await self._database.read(lambda c: live.holds(c, row.id, row.version))

    async def put_right(self, row: int) -> None:
        """Show the end of an answer again, over which somebody may have written too late."""
        await self._database.write(live.put_right, row)

    async def waiting(self, limit: int) -> list[Row]:
        """The rows that may be sent now, oldest first; none passes a held one of its chat."""
        now = self._clock()
        return await self._database.read(lambda c: outbox_queries.waiting(c, now, limit))

    async def next_due(self) -> float | None:
        """When the next held row may be sent."""
        now = self._clock()
        return await self._database.read(lambda c: outbox_queries.next_due(c, now))

    async def mark_sending(self, after: Mapping[int, int]) -> list[Row]:
        """Mark waiting rows as being sent, before they are and sure to survive a power cut.

        `after` has the highest message id known in its chat for each row's id. Answers with
        those that were still waiting, as they are now: only they may be sent.
        """
        if not after:
            return []
        marks = Marks(dict(after), self._sender)
        return await self._database.write(deliveries.mark_sending, marks, durable=True)

    async def sent(self, items: Sequence[Sent]) -> None:
        """Say what has arrived; a row that has changed since waits again, as an edit."""
        if items:
            await self._database.write(deliveries.sent, (tuple(items), self._clock()))

    async def failed(self, row: int, not_before: float, error: str, attempts: int) -> None:
        """Let a row that did not arrive wait until `not_before`."""
        failure = Failure(row, Delivery.WAITING, error, not_before, attempts, self._clock())
        await self._database.write(deliveries.failed, failure)

    async def dead(self, row: int, error: str) -> None:
        """Give a row up."""
        failure = Failure(row, Delivery.DEAD, error, 0.0, None, self._clock())
        await self._database.write(deliveries.failed, failure)

    async def doubtful(self) -> list[Row]:
        """The rows that may have arrived under an id that nobody wrote down, whoever sends them."""
        return await self._database.read(outbox_queries.doubtful)

    async def to_waiting(self, rows: Collection[int]) -> int:
        """Let rows that were being sent wait again."""
        return await self._database.write(deliveries.to_waiting, tuple(rows))

    async def senders(self) -> set[str]:
        """Everybody who is said to be sending something, the dead too."""
        return await self._database.read(outbox_queries.senders)

    async def adopt(self, left: Collection[str] | None = None) -> list[Row]:
        """Take up what these senders, or all, were sending when they died.

        Their edits and deletions wait again; answers with what may have arrived under an id that
        nobody wrote down, which is this program's to look for from now on.
        """
        return await self._database.write(adoption.adopt, Adoption(self._sender, left))

    async def messages_of(self, answer: int) -> list[int]:
        """The message ids of an answer, in order of its parts."""
        return await self._database.read(lambda c: outbox_queries.messages_of(c, answer))

    async def answer_of(self, chat: int, message: int) -> int | None:
        """The answer that a message of ours is a part of."""
        return await self._database.read(lambda c: outbox_queries.answer_of(c, chat, message))

    async def naming(self, refs: Collection[str]) -> set[str]:
        """Those of the files' names that stand in a message which has still to be sent."""
        return await self._database.read(lambda c: outbox_queries.naming(c, refs))

    async def recorded(self, chat: int, above: int) -> set[int]:
        """All message ids above `above` that are known in a chat, ours and others'."""
        return await self._database.read(lambda c: outbox_queries.recorded(c, chat, above))

    async def newest(self, chats: Collection[int]) -> dict[int, int]:
        """The highest message id known for each chat, in the sequence that it counts in."""
        return await self._database.read(lambda c: outbox_queries.newest(c, tuple(chats)))

    async def prune(self, before: float) -> int:
        """Forget rows that were done with before a time."""
        return await self._database.write(deliveries.prune, before)
