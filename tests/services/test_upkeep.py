"""What the schedule does for the house: nothing of the dead stays, and nothing is kept for ever."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.jobs import State
from services.files import Shelf
from services.tidying import LEDGER_SECONDS, Tidying
from services.upkeep import Upkeep
from storage.documents import Documents
from storage.jobs import Ending, NewJob
from storage.ledger import Ledger, Reservation
from storage.quotas import Charge, Quotas
from tests.services.ground import ME, Ground

DAY = 24 * 3600.0
BOB = 2


@dataclass(slots=True)
class House:
    """Whose upkeep it is."""

    ground: Ground
    folder: Path
    looked: list[int] = field(default_factory=list)

    @property
    def shelf(self) -> Shelf:
        """Where files wait."""
        return Shelf(self.folder / "outgoing")

    @property
    def ledger(self) -> Ledger:
        """What was used."""
        return Ledger(self.ground.database, self.ground.clock)

    @property
    def quotas(self) -> Quotas:
        """What was used, in pieces."""
        return Quotas(self.ground.database, self.ground.clock)

    async def does(self, errand: str) -> None:
        """The time of an errand has come."""
        ground = self.ground
        documents = Documents(ground.database, ground.clock)
        tidying = Tidying(
            self.folder / "work", self.shelf, ground.outbox, self.ledger, documents, 7 * DAY
        )
        upkeep = Upkeep(tidying, self.ledger, self.quotas, self._look, ground.clock)
        await upkeep.errands()[errand]()

    async def films(self, spent: float | None = 4.0) -> int:
        """Somebody had a film made today; the job."""
        charge = Charge("video", 4.0, self.today())
        [added] = await self.ground.jobs.add(
            [NewJob("film", "video", self.ground.talk.says(), charge=charge)]
        )
        if spent is not None:
            await self.ground.jobs.claim({"video": 1}, ME)
            await self.ground.jobs.finish(Ending(added.job, ME, State.DONE, spent=spent))
        return added.job

    def today(self) -> str:
        """The day, at Greenwich."""
        return datetime.fromtimestamp(self.ground.clock(), UTC).date().isoformat()

    async def _look(self) -> None:
        self.looked.append(1)


@pytest.fixture
def house(ground: Ground, tmp_path: Path) -> House:
    """A house on the second of December."""
    ground.clock.now = datetime(2026, 12, 2, 3, 20, tzinfo=UTC).timestamp()
    return House(ground, tmp_path)


def aged(house: House, days: float) -> str:
    """A file that has lain on the shelf for so long."""
    made = house.folder / "made"
    made.write_bytes(b"sound")
    ref, at = house.shelf.put(made, ".ogg"), house.ground.clock() - days * DAY
    os.utime(house.shelf.path(ref), (at, at))
    return ref


async def test_files_go_after_the_days_that_the_owner_keeps_them(house: House) -> None:
    """And not before."""
    old, young = aged(house, 7.1), aged(house, 6.9)
    await house.does("files")
    assert [False, True] == [house.shelf.path(one).exists() for one in (old, young)]


async def test_what_the_dead_reserved_is_given_back(house: House) -> None:
    """What lives keeps what it has; work of the dead is looked for first."""
    living = await house.films(spent=None)
    await house.ledger.reserve(Reservation(1, 1, "hear", 60.0, 999, house.today()), None)
    await house.does("workers")
    assert [1] == house.looked
    assert 0 == await house.ledger.used(1, "hear", house.today())
    assert [living] == [one.job for one in await house.quotas.lines(1, "video", house.today())]


async def test_a_month_that_is_over_becomes_a_sum(house: House) -> None:
    """Its days are forgotten once they are drawn no more; what it comes to is not."""
    house.ground.clock.now -= 70 * DAY
    long_ago = house.today()
    await house.films()
    house.ground.clock.now += 70 * DAY
    await house.films()
    await house.does("ledger")
    quotas = house.quotas
    assert {house.today(): 1} == await quotas.by_day(1, "video", "2026-01-01")
    assert 1 == (await quotas.standing(1, "video", long_ago)).month.units


async def test_days_that_are_still_drawn_stay(house: House) -> None:
    """The last thirty of them, whatever month it is."""
    house.ground.clock.now -= 30 * DAY
    first = house.today()
    await house.films()
    house.ground.clock.now += 30 * DAY
    await house.does("ledger")
    assert {first: 1} == await house.quotas.by_day(1, "video", first)


async def test_what_was_used_more_than_a_year_ago_is_forgotten(house: House) -> None:
    """Nobody asks about it any more."""
    job = await house.films(spent=None)
    house.ground.clock.now += LEDGER_SECONDS + DAY
    await house.does("ledger")
    assert [] == await house.quotas.lines(1, "video", "2026-12-02")
    assert job
