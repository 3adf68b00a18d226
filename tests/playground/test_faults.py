"""Faults strike as the options say, and leave behind what they claim to leave."""

import httpx
import pytest

from tests.playground.conftest import BotSide
from tests.telegram import Person


async def test_errors_of_the_server_do_nothing(bot: BotSide, ann: Person) -> None:
    """A 502 means that nothing was sent."""
    await ann.act("options", faults={"status_5xx": 1.0, "methods": ["sendMessage"]})
    answer = await bot.call("sendMessage", chat_id=1, text="lost")
    assert (502, "Bad Gateway") == (answer["error_code"], answer["description"])
    assert (await bot.call("getMe"))["ok"]
    assert [] == await ann.replies()


@pytest.mark.parametrize(("fault", "arrived"), [("cut", 0), ("cut_after", 1)])
async def test_a_cut_connection_leaves_the_bot_in_doubt(
    bot: BotSide, ann: Person, fault: str, arrived: int
) -> None:
    """Before the deed nothing is sent, after it the message is there; the bot sees no more."""
    await ann.act("options", faults={fault: 1.0, "methods": ["sendMessage"]})
    with pytest.raises(httpx.TransportError):
        await bot.call("sendMessage", chat_id=1, text="in doubt")
    assert arrived == len(await ann.replies())
    await ann.act("options", faults=None)
    assert (await bot.call("sendMessage", chat_id=1, text="sure"))["ok"]


async def test_a_delay_holds_the_answer_back(bot: BotSide, ann: Person) -> None:
    """The call takes at least as long as it is delayed."""
    await ann.act("options", faults={"delay": 0.2})
    start = (await ann.look("stats"))["now"]
    await bot.call("getMe")
    assert (await ann.look("stats"))["now"] - start >= 0.2


async def test_options_that_do_not_exist_are_refused(bot: BotSide, ann: Person) -> None:
    """A misspelt option is told, not ignored."""
    answer = await bot.http.post("/play/options", json={"faults": {"cutt": 1}})
    assert 400 == answer.status_code
    assert "There is no option 'cutt'" in answer.json()["error"]
    wrong = await bot.http.post("/play/options", json={"clock_offset": "soon"})
    assert 400 == wrong.status_code


async def test_calls_are_written_down(bot: BotSide, ann: Person) -> None:
    """Each call is in the log with its parameters and its outcome, refused ones too."""
    await bot.call("sendMessage", chat_id=1, text="hi")
    await bot.call("sendMessage", chat_id=999, text="hi")
    log = await ann.look("calls")
    good, bad = log["calls"]
    assert ("sendMessage", {"chat_id": 1, "text": "hi"}, 200) == (
        good["method"],
        good["params"],
        good["status"],
    )
    assert (400, "Bad Request: chat not found") == (bad["status"], bad["error"])
    assert [bad] == (await ann.look("calls", since=good["n"]))["calls"]
    assert {"200": 1, "400": 1} == (await ann.look("stats"))["methods"]["sendMessage"]
