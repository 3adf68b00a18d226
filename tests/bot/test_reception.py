"""From Telegram's JSON to jobs: one transaction a batch, and nothing bad spoils the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import CallbackQuery, User
from sqlalchemy import select

from bot.reception import Reception
from handlers.routes import dispatcher
from services.access import Access
from services.categories import Rules
from services.intake import Intake, Patience
from services.people import Languages
from storage.database import Database
from storage.errors import StorageError
from storage.people import People
from storage.tables import dead_updates
from storage.updates import Updates
from tests.handlers.post import GROUP, ME, PRIVATE, ZOE, Json, message
from tests.services.drawing.easel import studio
from tests.services.ground import Ground
from tests.services.voices import tastes


@dataclass(slots=True)
class Hall:
    """A reception over a true database, and whom it has told what."""

    ground: Ground
    seen: list[tuple[int, int]] = field(default_factory=list)
    pressed: list[str] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    async def takes(self, *raws: Any) -> None:
        """Take a batch."""
        intake = Intake(
            self.ground.jobs,
            Access(),
            Rules(),
            Languages(People(self.ground.database), frozenset({"en"})),
            tastes(self.ground),
            Patience(),
            self.ground.clock,
            lambda: self.calls.append(1),
            studio(),
        )
        reception = Reception(
            Bot("1000:playground"),
            dispatcher(),
            intake,
            Updates(self.ground.database, self.ground.clock),
            _me,
            lambda chat, number: self.seen.append((chat, number)),
            self._press,
            self.ground.clock,
        )
        await reception.take(raws)

    async def texts(self) -> list[str]:
        """What all jobs say."""
        return [one.job.payload.text for one in await self.ground.every()]

    async def buried(self) -> list[tuple[int, str, str]]:
        """What was set aside: number, body and reason."""
        rows = await self.ground.database.read(lambda c: c.execute(select(dead_updates)))
        return [(row.update_id, row.body, row.reason) for row in rows.all()]

    def _press(self, query: CallbackQuery) -> None:
        self.pressed.append(query.id)


async def _me() -> User:
    return ME


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """A reception where nobody has been."""
    url = f"sqlite:///{tmp_path / 'test.db'}"
    async with await Database.open(url, durable=False) as database:
        yield Hall(Ground(database))


def update(number: int, text: str, chat: Json = PRIVATE) -> Json:
    """Zoe says something."""
    return {"update_id": number, "message": message(number, chat, text=text)}


async def test_a_batch_is_taken_in_its_order(hall: Hall) -> None:
    """The worker is called once for all of it."""
    await hall.takes(update(1, "one"), update(2, "two"), update(3, "three"))
    assert ["one", "two", "three"] == await hall.texts()
    assert [1] == hall.calls


async def test_what_was_taken_before_is_not_taken_again(hall: Hall) -> None:
    """A batch that Telegram repeats adds only what is new in it."""
    await hall.takes(update(1, "one"))
    await hall.takes(update(1, "one"), update(2, "two"))
    assert ["one", "two"] == await hall.texts()


@pytest.mark.parametrize(
    "bad",
    [
        {"update_id": 2, "message": {"nonsense": True}},
        {"update_id": 2, "message": update(2, "x")["message"] | {"date": "soon"}},
        {"update_id": 2, "message": update(2, "x")["message"] | {"chat": None}},
        {"update_id": 2, "something_new": {"of": "next year"}},
        {"update_id": 2},
        {"update_id": "two", "message": 2},
        {"update_id": None},
        {"update_id": 2**70, "message": {}},
        {"message": {}},
        ["no", "update"],
        "no update",
        None,
        {"update_id": 2, "message": {"lone surrogate": "\ud800"}},
    ],
)
async def test_what_nobody_can_read_is_set_aside(hall: Hall, bad: Any) -> None:
    """It blocks neither what came with it nor what comes after it, and it is kept."""
    await hall.takes(update(1, "one"), bad, update(3, "three"))
    assert ["one", "three"] == await hall.texts()
    assert 1 == len(await hall.buried())


async def test_what_is_set_aside_can_be_read_by_the_operator(hall: Hall) -> None:
    """As it came, with the kind of its trouble."""
    await hall.takes({"update_id": 2, "message": {"text": "Привіт"}})
    [(number, body, reason)] = await hall.buried()
    assert (2, "ValidationError") == (number, reason)
    assert '{"update_id": 2, "message": {"text": "Привіт"}}' == body


async def test_half_a_character_is_no_reason_to_lose_a_question(hall: Hall) -> None:
    """JSON can hold half of a surrogate pair, a database cannot."""
    await hall.takes(update(1, "half \ud83d of it"), update(2, "two"))
    texts = await hall.texts()
    assert ["half", "two"] == [text.split()[0] for text in texts]
    assert [] == await hall.buried()


async def test_a_database_that_fails_takes_nothing(hall: Hall) -> None:
    """The batch comes again then, since nobody has confirmed it."""
    await hall.ground.database.close()
    with pytest.raises(StorageError):
        await hall.takes(update(1, "one"))
    with pytest.raises(StorageError):
        await hall.takes({"update_id": 2, "message": {}})


async def test_every_message_number_is_told(hall: Hall) -> None:
    """Those that nobody answers too: what is sent next is numbered behind them."""
    edited = {"update_id": 3, "edited_message": message(7, PRIVATE, text="x", edit_date=9)}
    await hall.takes(update(1, "hi"), update(2, "talk among people", GROUP), edited)
    assert [(1, 1), (-5, 2), (1, 7)] == hall.seen


async def test_a_press_is_acknowledged_at_once(hall: Hall) -> None:
    """Before anything is written down, and also when its button means nothing."""
    query = {"id": "q9", "from": ZOE, "chat_instance": "1", "message": message(7, PRIVATE)}
    await hall.takes({"update_id": 1, "callback_query": query | {"data": "again:1"}})
    await hall.takes({"update_id": 2, "callback_query": query | {"id": "q10"}})
    assert ["q9", "q10"] == hall.pressed
    assert ["again:1"] == await hall.texts()


async def test_a_batch_without_work_calls_nobody(hall: Hall) -> None:
    """Talk in a group wakes no worker."""
    await hall.takes(update(1, "talk among people", GROUP))
    assert [] == hall.calls
