"""/quota: what is left, when it comes back, and how much it was in the last days."""

from __future__ import annotations

from typing import Any

import pytest

from domain.messages import Kind
from services.budget import Allowance
from services.files import Workrooms
from services.quota.gallery import Gallery
from services.quota.rules import Role, Tariff
from services.quota.terms import Change, Terms
from storage.ledger import Ledger, Reservation
from storage.quotas import Amounts
from tests.services.quota.till import ANN, KYIV, Till


async def shown(till: Till, **where: Any) -> str:
    """What /quota says."""
    reply = await till.does("quota", **where)
    assert reply is not None
    return reply.text


async def test_each_limit_is_told_with_what_is_left_of_it(till: Till) -> None:
    """What is reserved counts as used; what was given on top counts as more."""
    amounts = Amounts(per_day=5, per_month=60, seconds_per_day=30, seconds_per_month=360)
    till.tariffs = {"video": Tariff(Terms(amounts, longest=6.0), KYIV)}
    await till.finishes(await till.films())
    await till.films(2.5)
    expected = (
        "**Videos**\n"
        "today: 3 of 5 left\n"
        "seconds today: 23.5 of 30 left\n"
        "this month: 58 of 60 left\n"
        "seconds this month: 353.5 of 360 left\n"
        "New ones come tomorrow at 00:00 (UTC+2).\n\n"
        "Above: your videos of the last 30 days."
    )
    assert expected == await shown(till)
    await till.does("grant", "1 video 2", person=42, chat=42)
    await till.told()
    assert "today: 5 of 7 left\nseconds today: 35.5 of 42 left" in await shown(till)


async def test_a_monthly_limit_alone_renews_with_the_month(till: Till) -> None:
    """And is told in the language of whoever asks."""
    till.tariffs = {"video": Tariff(Terms(Amounts(per_month=60)), KYIV)}
    expected = (
        "**Відео**\n"
        "цього місяця: лишилося 60 з 60\n"
        "Нові з'являться 1 грудня о 00:00 (UTC+2).\n\n"
        "Вище: ваші відео за останні 30 днів."
    )
    assert expected == await shown(till, language="uk")


async def test_without_limits_it_says_how_many_it_were(till: Till) -> None:
    """Pictures and films, each by itself."""
    till.tariffs, till.skills = {}, frozenset({"image", "video"})
    await till.films(skill="image")
    expected = (
        "**Videos**\ntoday: 0, and there is no limit\n\n"
        "**Pictures**\ntoday: 1, and there is no limit\n\n"
        "Above: your pictures of the last 30 days."
    )
    assert expected == await shown(till)


async def test_whoever_has_a_role_reads_their_own_limits(till: Till) -> None:
    """The family has more."""
    till.roles = (Role(frozenset({ANN}), {"video": Change(Amounts(per_day=20))}),)
    assert "today: 20 of 20 left" in await shown(till, chat=ANN)
    assert "today: 5 of 5 left" in await shown(till, chat=9)


async def test_what_is_measured_is_told_where_it_is_limited(till: Till) -> None:
    """Minutes of sound, and pages."""
    till.skills = frozenset({"hear", "speak", "vision"})
    till.allowances = {"hear": Allowance(1800.0), "vision": Allowance(100.0)}
    ledger = Ledger(till.ground.database, till.ground.clock)
    await ledger.reserve(Reservation(ANN, ANN, "hear", 450.0, 999, "2026-11-26"), None)
    expected = (
        "Minutes of listening today: 22.5 of 30 left\n"
        "Pages and photos today: 100 of 100 left\n"
        "At midnight the day begins anew."
    )
    assert expected == await shown(till)


async def test_minutes_of_speaking_are_told_too(till: Till) -> None:
    """Nothing is rounded up to more than there is."""
    till.skills, till.allowances = frozenset({"speak"}), {"speak": Allowance(60.0)}
    assert (await shown(till)).startswith("Minutes of speaking today: 1 of 1 left\n")


@pytest.mark.parametrize("skills", [frozenset(), frozenset({"hear"})])
async def test_where_nothing_is_limited_it_says_so(till: Till, skills: frozenset[str]) -> None:
    """Nobody is left without an answer."""
    till.skills = skills
    assert "There are no limits here." == await shown(till)


async def test_what_nobody_here_can_do_is_not_spoken_of(till: Till) -> None:
    """A limit for films says nothing where none are made."""
    till.skills = frozenset({"image"})
    assert "ideos" not in await shown(till)


async def test_the_picture_shows_the_days_of_whoever_asks(till: Till) -> None:
    """It waits on the shelf, and the text stands under it in the same message."""
    empty = await till.does("quota")
    await till.films()
    till.later(days=3)
    reply = await till.does("quota")
    assert empty is not None
    assert reply is not None
    assert reply.captioned
    drawn = [till.shelf.path(one.attachments[0].ref).read_bytes() for one in (empty, reply)]
    assert drawn[0] != drawn[1]
    assert (Kind.PHOTO, "image/png") == (reply.attachments[0].kind, reply.attachments[0].mime)
    assert len(drawn[1]) == reply.attachments[0].size
    assert drawn[1].startswith(b"\x89PNG")


async def test_only_the_last_days_are_drawn(till: Till) -> None:
    """The oldest of them too, and nothing of others."""
    for days in (0, 29):
        till.later(days=days)
        await till.films()
        await till.films(chat=9)
    gallery = Gallery(till.purse, Workrooms(till.folder), till.shelf)
    assert [1, *[0] * 28, 1] == list((await gallery.page(ANN, "video")).used)
    till.later(days=1)
    assert [*[0] * 28, 1, 0] == list((await gallery.page(ANN, "video")).used)
