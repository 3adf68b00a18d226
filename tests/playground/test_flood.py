"""Flood control lets bursts pass and slows floods down, each limit by itself."""

import pytest

from tests.playground.conftest import BotSide
from tests.telegram import Person, Record


async def _sent(bot: BotSide, times: int, method: str = "sendMessage", **params: object) -> int:
    """Count how many of so many calls pass."""
    answers = [await bot.call(method, **params) for _ in range(times)]
    for answer in answers:
        if not answer["ok"]:
            _check_too_many(answer)
    return sum(answer["ok"] for answer in answers)


def _check_too_many(answer: Record) -> None:
    seconds = answer["parameters"]["retry_after"]
    assert 429 == answer["error_code"]
    assert f"Too Many Requests: retry after {seconds}" == answer["description"]
    assert isinstance(seconds, int)
    assert seconds >= 1


async def test_nothing_is_limited_by_default(bot: BotSide, ann: Person) -> None:
    """Without being switched on flood control does not exist."""
    assert 60 == await _sent(bot, 60, chat_id=1, text="x")


async def test_a_private_chat_takes_short_bursts(bot: BotSide, ann: Person) -> None:
    """Five messages pass at once, then one a second; edits count, drafts do not."""
    await ann.act("options", flood={"private": True})
    assert 5 <= await _sent(bot, 20, chat_id=1, text="x") <= 6
    answer = await bot.call("sendMessage", chat_id=1, text="x")
    assert 1 == answer["parameters"]["retry_after"]
    assert 10 == await _sent(bot, 10, "sendMessageDraft", chat_id=1, draft_id=1, text="x")
    last = (await ann.replies())[-1]["message_id"]
    edit = await bot.call("editMessageText", chat_id=1, message_id=last, text="y")
    assert 429 == edit["error_code"]


async def test_the_header_says_the_same_as_the_body(bot: BotSide, ann: Person) -> None:
    """Clients that look only at headers learn how long to wait."""
    await ann.act("options", flood={"private": True})
    await _sent(bot, 10, chat_id=1, text="x")
    url = f"/bot{bot.token}/sendMessage"
    response = await bot.http.post(url, json={"chat_id": 1, "text": "x"})
    assert response.headers["Retry-After"] == str(response.json()["parameters"]["retry_after"])


async def test_a_group_takes_twenty_a_minute(bot: BotSide, ann: Person) -> None:
    """The one after the twentieth has to wait for most of the minute."""
    await ann.act("options", flood={"group": True})
    assert 20 == await _sent(bot, 21, chat_id=-100, text="x")
    answer = await bot.call("sendMessage", chat_id=-100, text="x")
    assert 50 <= answer["parameters"]["retry_after"] <= 60
    assert 30 == await _sent(bot, 30, chat_id=1, text="private is not a group")


async def test_the_whole_bot_has_a_limit_a_second(bot: BotSide, ann: Person) -> None:
    """Messages to all chats count together."""
    await ann.act("options", flood={"global_per_second": 3})
    passed = [await _sent(bot, 1, chat_id=chat, text="x") for chat in (1, -100) * 5]
    assert 3 <= sum(passed) < 10


@pytest.mark.parametrize("method", ["sendMessageDraft", "sendChatAction"])
async def test_drafts_and_actions_have_their_own_limit(
    bot: BotSide, ann: Person, method: str
) -> None:
    """Twenty in five seconds pass, and messages are not touched by it."""
    await ann.act("options", flood={"drafts": True})
    params = {"chat_id": 1, "draft_id": 1, "text": "x", "action": "typing"}
    assert 20 == await _sent(bot, 22, method, **params)
    assert 5 == await _sent(bot, 5, chat_id=1, text="x")


async def test_limits_can_be_switched_off_again(bot: BotSide, ann: Person) -> None:
    """Null takes all limits away, and what was counted is forgotten."""
    await ann.act("options", flood={"private": True})
    assert 10 > await _sent(bot, 10, chat_id=1, text="x")
    await ann.act("options", flood=None)
    assert 10 == await _sent(bot, 10, chat_id=1, text="x")
    assert (await ann.look("stats"))["too_many"] > 0
