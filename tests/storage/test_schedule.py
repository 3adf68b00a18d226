"""The schedule's entries are kept beside all else, on both databases, and lost by no crash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from services.clockwork import AGAIN, Clockwork
from storage.migrate import migrate
from storage.schedule import TABLE, Entries

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Watchmaker:
    """Makes clockworks over one database, and notes what they did."""

    url: str
    done: list[tuple[str, ...]] = field(default_factory=list)
    news: list[int] = field(default_factory=list)
    trouble: BaseException | None = None
    made: list[Clockwork] = field(default_factory=list)

    def begin(self) -> Clockwork:
        """A program starts."""
        clockwork = Clockwork(Entries(self.url), self._do, lambda: self.news.append(1))
        clockwork.start()
        self.made.append(clockwork)
        return clockwork

    def end(self) -> None:
        """All programs end."""
        for one in self.made:
            one.shutdown()
        self.made.clear()

    def _do(self, errand: str, words: Sequence[str]) -> None:
        if self.trouble:
            raise self.trouble
        self.done.append((errand, *words))


@pytest.fixture
def watchmaker(url: str) -> Iterator[Watchmaker]:
    """Nothing is entered yet, and nothing stays."""
    made = Watchmaker(url)
    yield made
    made.end()
    driver = "postgresql+psycopg" if url.startswith("postgres") else "sqlite"
    engine = create_engine(make_url(url).set(drivername=driver))
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {TABLE}"))
    engine.dispose()


def now() -> datetime:
    """What the clock of this machine says."""
    return datetime.now(UTC)


def keys(clockwork: Clockwork) -> list[str]:
    """What is entered."""
    return [one.id for one in clockwork.get_jobs()]


def test_what_is_due_is_done_once_and_struck_off(watchmaker: Watchmaker) -> None:
    """With the words that it was entered with; what is not due waits."""
    clockwork = watchmaker.begin()
    clockwork.once("ann", now() - HOUR, "renewed", "1", "відео")
    clockwork.once("bob", now() + HOUR, "renewed", "2", "video")
    pause = clockwork.turn()
    assert pause is not None
    assert 3500 < pause <= 3600
    clockwork.turn()
    assert [("renewed", "1", "відео")] == watchmaker.done
    assert ["bob"] == keys(clockwork)


def test_where_nothing_is_entered_nothing_is_waited_for(watchmaker: Watchmaker) -> None:
    """Whoever turns it decides when to look again."""
    assert watchmaker.begin().turn() is None
    assert [] == watchmaker.done


def test_entries_outlive_the_program(watchmaker: Watchmaker) -> None:
    """What fell due while it was down is done at the first turn, however late, and once."""
    first = watchmaker.begin()
    first.once("ann", now() - timedelta(days=400), "renewed", "1")
    first.regularly("files", "7 * * * *")
    first.modify_job("files", next_run_time=now() - timedelta(days=3))
    watchmaker.end()
    second = watchmaker.begin()
    second.regularly("files", "7 * * * *")
    second.turn()
    second.turn()
    assert [("files",), ("renewed", "1")] == sorted(watchmaker.done)
    assert ["files"] == keys(second)


def test_a_later_entry_takes_the_place_of_an_earlier_one(watchmaker: Watchmaker) -> None:
    """One a person and skill: asking twice is told once."""
    clockwork = watchmaker.begin()
    clockwork.once("ann", now() - HOUR, "renewed", "early")
    clockwork.once("ann", now() - HOUR, "renewed", "late")
    clockwork.turn()
    assert [("renewed", "late")] == watchmaker.done


def test_a_rule_that_has_changed_is_followed(watchmaker: Watchmaker) -> None:
    """The newer program knows better; where it says the same, what was missed stays due."""
    clockwork = watchmaker.begin()
    clockwork.regularly("files", "7 * * * *")
    clockwork.modify_job("files", next_run_time=now() - HOUR)
    clockwork.regularly("files", "7 3 * * *")
    clockwork.turn()
    assert [] == watchmaker.done
    at = clockwork.get_job("files").next_run_time
    assert (3, 7) == (at.hour, at.minute)


@pytest.mark.parametrize("trouble", [OSError("full"), CancelledError()])
def test_what_fails_is_done_later(watchmaker: Watchmaker, trouble: BaseException) -> None:
    """As often as it takes, and what is done regularly stays so."""
    clockwork = watchmaker.begin()
    clockwork.once("ann", now() - HOUR, "renewed", "1")
    clockwork.regularly("files", "0 0 1 * *")
    clockwork.modify_job("files", next_run_time=now() - HOUR)
    watchmaker.trouble = trouble
    for _ in range(3):
        clockwork.turn()
        for key in keys(clockwork):
            if key.endswith("!"):
                again = clockwork.get_job(key).next_run_time
                assert timedelta() < again - now() <= AGAIN
                clockwork.modify_job(key, next_run_time=now() - HOUR)
    assert [] == watchmaker.done
    watchmaker.trouble = None
    clockwork.turn()
    assert [("files",), ("renewed", "1")] == sorted(watchmaker.done)
    assert ["files"] == keys(clockwork)


def test_two_programs_may_turn_at_the_same_time(watchmaker: Watchmaker) -> None:
    """Each may do what is due, and what one has struck off is no trouble for the other."""
    other = watchmaker.begin()

    def do(_errand: str, _words: Sequence[str]) -> None:
        other.turn()

    both = Clockwork(Entries(watchmaker.url), do, lambda: None)
    both.start()
    watchmaker.made.append(both)
    for key in "ab":
        both.once(key, now() - HOUR, "renewed", key)
    both.turn()
    assert [("renewed", "a"), ("renewed", "b")] == sorted(watchmaker.done)
    assert [] == keys(both)


def test_whoever_turns_it_hears_of_what_is_new(watchmaker: Watchmaker) -> None:
    """So that something sooner than the rest is not overslept."""
    clockwork = watchmaker.begin()
    before = len(watchmaker.news)
    clockwork.once("ann", now() + HOUR, "renewed")
    assert before + 1 == len(watchmaker.news)


def test_the_table_is_no_part_of_ours_and_not_in_the_way(watchmaker: Watchmaker, url: str) -> None:
    """A database with it is brought to the newest form as any other."""
    watchmaker.begin().once("ann", now() + HOUR, "renewed")
    watchmaker.end()
    migrate(url)
    assert ["ann"] == keys(watchmaker.begin())
    engine = Entries(url).engine
    assert TABLE in inspect(engine).get_table_names()
    engine.dispose()
