"""/grant: administrators give, the ledger keeps why, and whoever gets it hears of it."""

from __future__ import annotations

import pytest

from domain.answers import Reply
from storage.quotas import Amounts
from tests.services.quota.till import ADMIN, ANN, BOB, Till

EXPLAINED = "Reply to somebody's message with `/grant 3 videos`"


async def left(till: Till, person: int = BOB, skill: str = "video") -> float | None:
    """How many somebody has left today."""
    share = (await till.purse.remains(person, skill)).day
    return share.left if share else None


async def grants(till: Till, words: str, **where: int) -> str:
    """An administrator orders something; what they are told."""
    reply = await till.does("grant", words, **{"person": ADMIN, "chat": ADMIN, **where})
    assert reply is not None
    return reply.text


async def acquainted(till: Till) -> None:
    """Bob has written to the bot once."""
    await till.ground.added(till.says("hi", chat=BOB))


async def test_a_gift_counts_at_once_and_is_told(till: Till) -> None:
    """Three more today, with the seconds that they may last, and no more tomorrow."""
    await acquainted(till)
    assert "P2 has more for today: 3 videos." == await grants(till, "2 video 3")
    assert 8 == await left(till)
    expected = [(BOB, "An administrator gave you more for today: 3 videos.")]
    assert expected == await till.told()
    till.later(days=1)
    assert 5 == await left(till)


async def test_seconds_come_with_the_videos(till: Till) -> None:
    """A gift of films that may not last would be none."""
    day = till.rules.today("video").isoformat()
    await grants(till, "2 video 3")
    standing = await till.purse.quotas.standing(BOB, "video", day)
    assert (3, 18.0) == (standing.granted.units, standing.granted.seconds)
    [line] = await till.purse.quotas.lines(BOB, "video", day)
    assert "granted by 42" == line.reason


async def test_pictures_last_no_time(till: Till) -> None:
    """They are counted one by one."""
    assert "2 has more for today: 1 picture." in await grants(till, "2 image 1")
    day = till.rules.today("image").isoformat()
    standing = await till.purse.quotas.standing(BOB, "image", day)
    assert (1, 0.0) == (standing.granted.units, standing.granted.seconds)


async def test_a_reply_names_somebody(till: Till) -> None:
    """In a group, too; what was given is told in private."""
    await acquainted(till)
    said = await grants(till, "3 videos", chat=-5, reply_to=BOB)
    assert "P2 has more for today: 3 videos." == said
    assert [BOB] == [chat for chat, _ in await till.told()]


async def test_a_daily_limit_holds_until_it_is_ended(till: Till) -> None:
    """Whatever holds for everybody."""
    await acquainted(till)
    assert "P2 has 9 videos a day from now on." == await grants(till, "2 video 9 daily")
    assert [(BOB, "From now on you have 9 videos a day.")] == await till.told()
    till.later(days=3)
    assert 9 == await left(till)
    for words in ("2 video 0 daily", "2 video daily off"):
        assert "The usual limits hold for P2 again." == await grants(till, words)
        expected = "From now on the usual limits hold for you again; see /quota."
        assert [(BOB, expected)] == await till.told()
        assert 5 == await left(till)


@pytest.mark.parametrize("shut_out", [False, True])
async def test_who_cannot_be_told_is_told_of(till: Till, shut_out: bool) -> None:
    """They have it all the same."""
    if shut_out:
        await acquainted(till)
        await till.chats.mark_blocked(BOB)
    said = await grants(till, "2 video 3")
    assert said.endswith("I could not tell them: they have not written to me in private.")
    assert [] == await till.told()
    assert 8 == await left(till)
    assert shut_out == await till.chats.blocked(BOB)


async def test_who_gives_to_themselves_is_told_once(till: Till) -> None:
    """The answer is in their own chat, or they know what they did."""
    assert "P42 has more for today: 3 videos." == await grants(till, "42 video 3")
    assert [] == await till.told()
    assert 8 == await left(till, ADMIN)


async def test_only_administrators_give(till: Till) -> None:
    """Nobody gives to themselves."""
    reply = await till.does("grant", "1 video 3", chat=ANN)
    assert Reply("Only administrators may give more.") == reply
    assert 5 == await left(till, ANN)


@pytest.mark.parametrize("words", ["", "nonsense", "2 video -3", "2 video", "video 3"])
async def test_an_order_that_is_not_clear_is_explained(till: Till, words: str) -> None:
    """With an example, and nothing is given."""
    assert (await grants(till, words)).startswith(EXPLAINED)
    assert 5 == await left(till)


async def test_an_order_that_is_obeyed_again_gives_once(till: Till) -> None:
    """A crash between the gift and its answer begins the job anew."""
    await acquainted(till)
    said = till.says("2 video 3", person=ADMIN, chat=ADMIN)
    job = await till.ground.begun(said, "quick", task="grant", lane="42!1")
    for _ in range(2):
        assert [True] == [bool(one) async for one in till.tasks()["grant"].run(job)]
    assert 8 == await left(till)
    assert 1 == len(await till.told())


async def test_a_gift_lets_in_who_was_refused(till: Till) -> None:
    """At once, and exactly as many as were given."""
    for _ in range(5):
        await till.finishes(await till.films(chat=BOB))
    assert "no videos left" in (await till.refused(chat=BOB)).text
    await grants(till, "2 video 1")
    assert "film" == (await till.films(chat=BOB)).task
    assert "no videos left" in (await till.refused(chat=BOB)).text


async def test_whoever_has_no_limit_needs_no_gift(till: Till) -> None:
    """It is written down, and changes nothing."""
    till.tariffs.clear()
    await grants(till, "2 video 3")
    remains = await till.purse.remains(BOB, "video")
    assert (False, 0, Amounts()) == (remains.limited, remains.today, remains.amounts)
