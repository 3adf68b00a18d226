"""How long a graph takes is what it took before, above all lately."""

from __future__ import annotations

import asyncio
import math

import pytest

from storage.database import Database
from storage.paces import Paces


@pytest.fixture
def paces(database: Database) -> Paces:
    """The paces of the database."""
    return Paces(database)


async def test_a_graph_that_never_ran_has_no_pace(paces: Paces) -> None:
    """Others' times are not its own."""
    await paces.add("SDXL", 8.0)
    assert (8.0, None) == (await paces.of("SDXL"), await paces.of("FLUX"))


async def test_the_newest_weigh_most(paces: Paces) -> None:
    """Each more than the one before it, and the first is not all there is."""
    for seconds in (10.0, 40.0):
        await paces.add("SDXL", seconds)
    assert 30.0 == pytest.approx(await paces.of("SDXL"))
    await paces.add("SDXL", 60.0)
    assert 45.0 == pytest.approx(await paces.of("SDXL"))


async def test_a_machine_that_became_faster_is_believed(paces: Paces) -> None:
    """However long it was slow, a few runs are enough."""
    for _ in range(50):
        await paces.add("wan", 100.0)
    assert 100.0 == pytest.approx(await paces.of("wan"))
    await paces.add("wan", 20.0)
    assert 80.0 == pytest.approx(await paces.of("wan"))
    for _ in range(9):
        await paces.add("wan", 20.0)
    assert 20.0 == pytest.approx(await paces.of("wan"), abs=5)


async def test_runs_that_end_together_all_count(paces: Paces) -> None:
    """Two workers tell at the same moment."""
    await asyncio.gather(*(paces.add("wan", seconds) for seconds in (10.0, 40.0, 60.0)))
    assert 45.0 == pytest.approx(await paces.of("wan"))


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
async def test_what_nothing_can_take_does_not_count(paces: Paces, seconds: float) -> None:
    """A clock that was set back does not spoil an estimate for good."""
    with pytest.raises(ValueError, match="no amount"):
        await paces.add("wan", seconds)
    assert await paces.of("wan") is None
