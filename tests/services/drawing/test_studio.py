"""Orders: what becomes of what people want made, and who is charged."""

from __future__ import annotations

import pytest

from services.drawing.refusing import Refusing
from services.drawing.studio import Studio
from services.tasks import Answer
from tests.services.drawing.easel import Purse, studio
from tests.services.ground import Ground


@pytest.mark.parametrize(
    ("task", "text", "seconds"), [("draw", "a fox", 0.0), ("film", "waves --seconds 3", 3.0)]
)
def test_an_order_says_what_it_costs(ground: Ground, task: str, text: str, seconds: float) -> None:
    """Films by the second; the one who asks pays."""
    purse = Purse()
    entry = studio(purse=purse).order(task, ground.talk.says(text), "7")
    assert entry.charge is not None
    assert seconds == entry.charge.seconds
    assert [entry.incoming.person.id] == purse.charged


def test_a_film_without_a_length_is_as_long_as_usual(ground: Ground) -> None:
    """As the owner has set it for this person."""
    entry = studio().order("film", ground.talk.says("waves"), "7")
    assert entry.charge
    assert 4.0 == entry.charge.seconds


async def told(ground: Ground, text: str, task: str, of: Studio) -> str:
    """What somebody is told whose order was not taken."""
    entry = of.order(task, ground.talk.says(text), "7")
    assert entry.charge is None
    [added] = await ground.jobs.add([entry])
    found = await ground.jobs.get(added.job)
    assert found
    [step] = [one async for one in Refusing(of, ground.words).tasks()[entry.task].run(found.job)]
    assert isinstance(step, Answer)
    assert step.reply
    return step.reply.text


@pytest.mark.parametrize(
    ("task", "text", "expected"),
    [
        ("draw", "", "What shall I draw?"),
        ("film", "--wide", "What shall I film?"),
        ("film", "x --seconds 999", "up to 6 seconds"),
        ("film", "x --seconds 0", "up to 6 seconds"),
        ("film", "x --seconds -1", "up to 6 seconds"),
        ("film", "x --seconds abc", "up to 6 seconds"),
        ("draw", "x --seed no", "A seed is a number"),
        ("draw", "x" * 5000, "too long"),
    ],
)
async def test_what_is_unclear_is_told_and_costs_nothing(
    ground: Ground, task: str, text: str, expected: str
) -> None:
    """With an example of how to say it."""
    assert expected in await told(ground, text, task, studio())


@pytest.mark.parametrize(("task", "expected"), [("draw", "who draws"), ("film", "who films")])
async def test_where_there_is_nobody_it_is_said(ground: Ground, task: str, expected: str) -> None:
    """At once, instead of a place in a line that does not move."""
    assert expected in await told(ground, "a fox", task, studio(()))


def test_a_picture_needs_no_words(ground: Ground) -> None:
    """It says enough."""
    assert "film" == studio().order("film", ground.talk.shows("F1"), "7").task
