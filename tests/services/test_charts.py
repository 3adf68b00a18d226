"""The chart shows what was used, each day in its place and at its height."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from services.charts import HEIGHT, WIDTH, Day, Month, Scale, chart, figure

TODAY = date(2026, 11, 26)
BAR, NOW, LIMIT = (244, 190, 150), (224, 98, 38), (84, 110, 168)


def month(used: Sequence[float], limit: float = 0.0) -> Month:
    """The days up to today."""
    first = TODAY - timedelta(days=len(used) - 1)
    return Month([Day(first + timedelta(days=at), one) for at, one in enumerate(used)], limit)


async def drawn(one: Month) -> Image.Image:
    """The chart of a month, taken apart again."""
    with Image.open(io.BytesIO(await chart(one))) as picture:
        assert ("PNG", (WIDTH, HEIGHT)) == (picture.format, picture.size)
        return picture.convert("RGB")


def spots(picture: Image.Image, colour: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Where a colour is, as far as a palette keeps it."""
    away = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).split()
    farthest = ImageChops.lighter(ImageChops.lighter(away[0], away[1]), away[2])
    near = enumerate(farthest.tobytes())
    return [(at % picture.width, at // picture.width) for at, far in near if far < 8]


def tops(picture: Image.Image, colour: tuple[int, int, int]) -> dict[int, int]:
    """How high the bars of a colour are in their middle, by where that is."""
    places = spots(picture, colour)
    row = sorted(x for x, y in places if y == 537)
    middles = [x + 8 for x in row if not set(row) & {x - 2, x - 1} and x + 8 in row]
    return {x: 540 - min(y for at, y in places if at == x) for x in middles}


async def test_each_day_has_its_bar_and_today_its_colour() -> None:
    """As high as was used, from left to right; a day without use has none."""
    picture = await drawn(month([0, 1, 2, 4, *[0] * 25, 3]))
    heights = list(tops(picture, BAR).values())
    [today] = tops(picture, NOW).values()
    assert 3 == len(heights)
    assert [1, 2, 4, 3] == [round(4 * one / heights[2]) for one in (*heights, today)]
    assert max(tops(picture, BAR)) < min(tops(picture, NOW))


async def test_a_limit_is_a_line_at_its_height() -> None:
    """And there is none without one."""
    picture = await drawn(month([10, *[0] * 29], 5))
    [bar] = tops(picture, BAR).values()
    line = [y for x, y in spots(picture, LIMIT) if x < 1000]
    assert 2 * (540 - sum(line) / len(line)) == pytest.approx(bar, abs=4)
    assert [] == spots(await drawn(month([10])), LIMIT)


async def test_a_little_is_still_to_be_seen() -> None:
    """Beside very much."""
    assert 2 == len(tops(await drawn(month([0.001, 9000, *[0] * 28])), BAR))


@pytest.mark.parametrize("used", [[0.0], [0.0] * 30, [5.0], [1.0] * 31, [1e-9], [1e9]])
async def test_any_month_can_be_drawn(used: list[float]) -> None:
    """A first day, a day without anything, and more than anybody has."""
    await drawn(month(used, used[0] / 2))


async def test_without_days_there_is_nothing_to_draw() -> None:
    """Somebody has forgotten today."""
    with pytest.raises(ValueError, match="needs a day"):
        await chart(Month([]))


@given(st.floats(0, 1e9))
@settings(max_examples=300)
def test_a_scale_has_few_lines_and_room_for_all(most: float) -> None:
    """Its figures are round, so that they can be read at a glance."""
    scale = Scale.over(most)
    marks = list(scale.marks())
    assert 2 <= len(marks) <= 6
    assert marks[0] == 0
    assert marks[-1] == pytest.approx(scale.top)
    assert most <= scale.top * (1 + 1e-6)
    assert 92 <= scale.y(most) <= scale.y(0.0) == 540
    assert {len(figure(one).replace(".", "").strip("0")) for one in marks} <= {0, 1, 2}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (2.0, "2"), (2.55, "2.5"), (12.34, "12.3"), (99.96, "100"), (1234.5, "1234")],
)
def test_figures_are_short(value: float, expected: str) -> None:
    """Digits and a dot, in whatever language they are read."""
    assert expected == figure(value)
