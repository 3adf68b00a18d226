"""New jobs that cost something are let in one after the other, as far as crowd and quota allow.

All of it happens in the transaction that writes them down, so nobody can come in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import accounts, reserving
from storage.accounts import Account, Key, Used
from storage.drafts import Draft, Refusal
from storage.job_rows import LIVE
from storage.quotas import Charge, Why
from storage.reserving import DUST, Reservation, Wanted
from storage.tables import jobs

# All others of a pool are one row.
_WHO = case((jobs.c.person.in_(bindparam("people", expanding=True)), jobs.c.person)).label("who")
_CROWDS = (
    select(
        *(jobs.c.pool, _WHO, func.count().label("many")),
        func.sum(case((text("jobs.state = 'queued'"), 1), else_=0)).label("waiting"),
    )
    .where(LIVE, jobs.c.pool.in_(bindparam("pools", expanding=True)))
    .group_by(jobs.c.pool, text("who"))
)

_Someone = tuple[str, int]  # a pool, and a person in it


@dataclass(frozen=True, slots=True)
class _Crowds:
    """How many jobs are in each pool already, in all and of each who asks."""

    in_all: Counter[str]
    unfinished: Counter[_Someone]
    waiting: Counter[_Someone]

    def enter(self, draft: Draft) -> None:
        """Count one more."""
        self.in_all[draft.entry.pool] += 1
        self.unfinished[_someone(draft)] += 1
        self.waiting[_someone(draft)] += 1


@dataclass(frozen=True, slots=True)
class _Gate:
    """Decides about one job after the other, each with what those before it were granted."""

    crowds: _Crowds
    accounts: dict[Key, Account]

    def decide(self, draft: Draft) -> None:
        charge = draft.entry.charge
        if charge is not None:
            account = self.accounts[_key(draft, charge)]
            if refusal := next(self._refusals(draft, charge, account), None):
                draft.refuse(charge, refusal)
            else:
                account.days[charge.day] += Used(1, charge.seconds)
        self.crowds.enter(draft)

    def _refusals(self, draft: Draft, charge: Charge, account: Account) -> Iterator[Refusal]:
        """All that stands in the way, the crowd first."""
        yield from _too_many(self._crowd(draft, charge), 1)
        allowed, today = charge.amounts, account.days[charge.day]
        per_day = allowed.per_day if account.per_day is None else account.per_day
        month = account.month
        yield from _too_many(
            (
                (Why.PER_DAY, per_day, today.units),
                (Why.PER_MONTH, allowed.per_month, month.units),
            ),
            1,
        )
        yield from _too_many(
            (
                (Why.SECONDS_PER_DAY, allowed.seconds_per_day, today.seconds),
                (Why.SECONDS_PER_MONTH, allowed.seconds_per_month, month.seconds),
            ),
            charge.seconds,
        )

    def _crowd(self, draft: Draft, charge: Charge) -> Sequence[_Measure]:
        who, crowd = _someone(draft), charge.crowd
        return (
            (Why.QUEUE, crowd.queue, self.crowds.in_all[draft.entry.pool]),
            (Why.WAITING, crowd.waiting, self.crowds.waiting[who]),
            (Why.AT_ONCE, crowd.at_once, self.crowds.unfinished[who]),
        )


_Measure = tuple[Why, float | None, float]  # what is limited, to how much, and what is there


def _too_many(measures: Sequence[_Measure], more: float) -> Iterator[Refusal]:
    for why, limit, there in measures:
        if limit is not None and there + more > limit + DUST:
            yield Refusal(why, max(limit - there, 0.0))


async def decide(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Let new jobs be, or make them the jobs that tell why not."""
    new = [draft for draft in drafts if not draft.id]
    charged = [(draft, draft.entry.charge) for draft in new if draft.entry.charge]
    if not charged:
        return
    keys = {_key(draft, charge) for draft, charge in charged}
    crowds = await _crowds(connection, [draft for draft, _ in charged])
    gate = _Gate(crowds, await accounts.load(connection, keys))
    for draft in new:
        gate.decide(draft)


async def book(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Reserve what new jobs cost, now that they have numbers."""
    granted = [
        Wanted(_reservation(draft, draft.entry.charge), 0.0, draft.now)
        for draft in drafts
        if draft.entry.charge and not draft.refused
    ]
    if granted:
        await reserving.book(connection, granted)


async def _crowds(connection: AsyncConnection, drafts: Sequence[Draft]) -> _Crowds:
    crowds = _Crowds(Counter(), Counter(), Counter())
    values = {
        "pools": sorted({draft.entry.pool for draft in drafts}),
        "people": sorted({draft.incoming.person.id for draft in drafts}),
    }
    for row in await connection.execute(_CROWDS, values):
        crowds.in_all[row.pool] += row.many
        crowds.unfinished[row.pool, row.who] = row.many
        crowds.waiting[row.pool, row.who] = row.waiting
    return crowds


def _someone(draft: Draft) -> _Someone:
    return draft.entry.pool, draft.incoming.person.id


def _key(draft: Draft, charge: Charge) -> Key:
    return Key(draft.incoming.person.id, charge.skill, charge.day[:7])


def _reservation(draft: Draft, charge: Charge) -> Reservation:
    said = draft.incoming
    return Reservation(
        said.person.id, said.place.chat, charge.skill, charge.seconds, draft.id, charge.day
    )
