"""A row of the outbox: what one Telegram message should say, and whether it says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.job_rows import Stored
from storage.tables import outbox


class Delivery(StrEnum):
    """How far a row has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Row:
    """The wanted content of one message.

    No `body` means that the message is to be deleted, no `message` that it was not sent yet.
    `version` counts the changes of the body. `after` is the highest message id that was known
    when it was marked as being sent: if it has arrived, its id is above that. `sender` is who
    marked it last.
    """

    id: int
    answer: int
    part: int
    chat: int
    topic: int | None
    body: str | None
    message: int | None
    state: Delivery
    version: int
    after: int
    attempts: int
    sender: str = ""

    @property
    def in_doubt(self) -> bool:
        """Whether it may have arrived without our knowing under which id."""
        return self.state is Delivery.SENDING and self.message is None


COLUMNS = (
    outbox.c.id,
    outbox.c.answer,
    outbox.c.part,
    outbox.c.chat,
    outbox.c.topic,
    outbox.c.body,
    outbox.c.message,
    outbox.c.state,
    outbox.c.version,
    outbox.c.after,
    outbox.c.attempts,
    outbox.c.sender,
)


def row_of(stored: Stored) -> Row:
    """The row that a result with COLUMNS describes."""
    values = stored._asdict()
    return Row(**{**values, "state": Delivery(values["state"])})
