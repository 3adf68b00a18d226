"""Each answer of Telegram leads to the right next step."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.body import Body
from bot.delivery.doubt import Doubt
from bot.delivery.freight import Freight
from bot.delivery.newest import Newest
from bot.delivery.pace import Pace
from bot.delivery.parts import Part
from bot.delivery.postman import Errand, Postman, Result
from bot.limits import CLOUD_UP
from services.files import Shelf
from storage.database import Database
from storage.outbox import Delivery, Outbox, Row
from tests.bot.delivery.scripted import OK, SENT, Script, bot_at, refusal

ROW = Row(1, 1, 0, 5, None, "", None, Delivery.SENDING, 1, 10, 0)
BOLD = Body(Part("Hello", ({"type": "bold", "offset": 0, "length": 5},)))
PLAIN = Body(Part("Hello"))


async def _briefly(_seconds: float) -> None:
    """No time passes between tries."""


async def _caught_up() -> None:
    """All updates have been seen."""


@asynccontextmanager
async def postman(script: Script, database: Database) -> AsyncIterator[Postman]:
    """A postman whose Telegram follows a script."""
    pace, newest = Pace(), Newest()
    freight = Freight(Shelf(Path("nowhere")), CLOUD_UP)
    async with bot_at(script.answer, pace.hold) as bot:
        doubt = Doubt(bot, Outbox(database), pace, newest, _briefly)
        yield Postman(bot, pace, newest, doubt, _caught_up, freight, _briefly)


async def settled(script: Script, database: Database, errand: Errand) -> Result:
    """Settle one errand."""
    async with postman(script, database) as made:
        result = await made.settle(errand)
        assert result is not None
        return result


async def test_a_sent_message_is_known(database: Database) -> None:
    """Its id is the result, and the newest that is known."""
    script = Script([SENT])
    async with postman(script, database) as made:
        assert Result(77) == await made.settle(Errand(ROW, PLAIN))
        assert made.newest.of(ROW.chat) == 77


async def test_retry_after_is_obeyed(database: Database) -> None:
    """A 429 costs the time that Telegram wants and nothing else."""
    script = Script([refusal(429, "Too Many Requests: retry after 1", retry_after=1), SENT])
    began = time.monotonic()
    assert Result(77) == await settled(script, database, Errand(ROW, PLAIN))
    assert time.monotonic() - began >= 1.0
    assert ["sendMessage"] * 2 == script.methods


async def test_a_group_that_became_a_supergroup_is_followed(database: Database) -> None:
    """Telegram says where it is now."""
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100123)
    script = Script([moved, SENT])
    assert Result(77) == await settled(script, database, Errand(ROW, PLAIN))
    assert [5, -100123] == [call["chat_id"] for _, call in script.calls]


async def test_a_server_without_rich_messages_gets_text(database: Database) -> None:
    """An older Bot API server does not know the method; the answer arrives as text."""
    script = Script([refusal(404, "Not Found"), SENT])
    errand = Errand(ROW, Body(rich="| a | b |\n|---|---|\n| 1 | 2 |"))
    assert Result(77) == await settled(script, database, errand)
    assert ["sendRichMessage", "sendMessage"] == script.methods
    assert "1 | 2" in script.calls[1][1]["text"]


@pytest.mark.parametrize("said", ["message to delete not found", "message can't be deleted"])
async def test_what_cannot_be_deleted_is_done_with(database: Database, said: str) -> None:
    """A message that is gone, or too old, needs no second try."""
    script = Script([refusal(400, f"Bad Request: {said}")])
    errand = Errand(replace(ROW, message=12), None)
    assert Result(12) == await settled(script, database, errand)
    assert ["deleteMessage"] == script.methods


async def test_nothing_is_deleted_that_never_was(database: Database) -> None:
    """A row without message and body is done without a call."""
    script = Script([OK])
    assert Result(0) == await settled(script, database, Errand(ROW, None))
    assert [] == script.calls


async def test_a_formatting_that_is_refused_twice_is_given_up(database: Database) -> None:
    """Once plain there is nothing left to take away."""
    script = Script([refusal(400, "Bad Request: can't parse entities")])
    result = await settled(script, database, Errand(ROW, BOLD))
    assert (None, 2) == (result.message, len(script.calls))


async def test_too_large_is_refused(database: Database) -> None:
    """What a server does not even read will not get smaller."""
    script = Script([refusal(413, "Request Entity Too Large")])
    result = await settled(script, database, Errand(ROW, PLAIN))
    assert (None, False, 1) == (result.message, result.blocked, len(script.calls))


async def test_a_wrong_token_is_no_fault_of_the_message(database: Database) -> None:
    """It waits until somebody has put the token right."""
    script = Script([refusal(401, "Unauthorized"), SENT])
    assert Result(77) == await settled(script, database, Errand(ROW, PLAIN))


async def test_a_doubtful_message_is_probed_in_order(database: Database) -> None:
    """The ids above the last known one are tried; the first that says the same is it."""
    script = Script(
        [
            refusal(400, "Bad Request: message to edit not found"),
            refusal(400, "Bad Request: message can't be edited"),
            refusal(502, "Bad Gateway"),
            refusal(400, "Bad Request: can't parse entities"),
            refusal(400, "Bad Request: message is not modified: ..."),
            OK,
        ]
    )
    result = await settled(script, database, Errand(ROW, BOLD, doubtful=True))
    assert Result(13) == result
    probed = [call["message_id"] for method, call in script.calls if method == "editMessageText"]
    assert [11, 12, 13, 13, 13] == probed[:5]


async def test_a_search_is_bounded(database: Database) -> None:
    """However far the ids have come, some hundred probes are enough."""
    script = Script([refusal(400, "Bad Request: message to edit not found")])
    async with postman(script, database) as made:
        made.newest.saw(ROW.chat, 10_000)
        assert await made.doubt.find(ROW, PLAIN, 1) is None
        assert (300, 11) == (len(script.calls), script.calls[0][1]["message_id"])
        script.calls.clear()
        assert await made.doubt.find(replace(ROW, after=0), PLAIN, 1) is None
        assert len(script.calls) == 300
        assert script.calls[-1][1]["message_id"] > 10_000
