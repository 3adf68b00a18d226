"""What answers cost is counted, and written down now and then."""

import asyncio

import pytest

from services.counting import Counting
from services.skills import Usage
from storage.errors import StorageError
from storage.figures import DayTally, Figures, Tally
from tests.services.ground import Ground


@pytest.fixture
def counting(ground: Ground) -> Counting:
    """Nothing is counted yet."""
    return Counting(Figures(ground.database, ground.clock))


async def test_answers_are_counted_by_backend(counting: Counting) -> None:
    """One line a backend and a day."""
    counting.add("a", Usage(10, 1))
    counting.add("a", Usage(20, 2))
    counting.add("b", Usage(5, 5))
    await counting.flush()
    day = "1970-01-12"
    assert [
        DayTally(day, "a", Tally(answers=2, tokens_read=30, tokens_written=3)),
        DayTally(day, "b", Tally(answers=1, tokens_read=5, tokens_written=5)),
    ] == await counting.figures.recent(1)


async def test_nothing_is_counted_twice(counting: Counting) -> None:
    """What was written down is no longer in memory, even when several write at once."""
    counting.add("a", Usage(10, 1))
    await asyncio.gather(*(counting.flush() for _ in range(5)))
    counting.add("a", Usage(10, 1))
    await counting.flush()
    assert Tally(answers=2, tokens_read=20, tokens_written=2) == await counting.today()


async def test_today_is_all_of_today_and_no_more(counting: Counting, ground: Ground) -> None:
    """What is still in memory counts; yesterday does not."""
    counting.add("a", Usage(1, 1))
    await counting.flush()
    ground.clock.now += 24 * 3600
    counting.add("a", Usage(2, 3))
    counting.add("b", Usage(4, 5))
    assert Tally(answers=2, tokens_read=6, tokens_written=8) == await counting.today()


async def test_what_cannot_be_written_stays_counted(counting: Counting, ground: Ground) -> None:
    """A full disk costs no figures: they are written when there is room again."""
    counting.add("a", Usage(1, 2))
    counting.add("a", Usage(3, 4))
    await ground.database.close()
    for _ in range(2):
        with pytest.raises(StorageError):
            await counting.flush()
    assert ({"a": 2}, {"a": 4}, {"a": 6}) == (counting.answers, counting.read, counting.written)
