"""What somebody has left: what they may use, less what they have used and reserved."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.quota.rules import Rules
from storage.quotas import Amounts, Quotas
from storage.standings import Standing


@dataclass(frozen=True, slots=True)
class Share:
    """So much is left of so much."""

    left: float
    all: float


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of each limit, None where there is none, and what was used `today`."""

    day: Share | None
    month: Share | None
    day_seconds: Share | None
    month_seconds: Share | None
    today: int
    amounts: Amounts

    @property
    def limited(self) -> bool:
        """Whether there is any limit at all."""
        return self.amounts != Amounts()


@dataclass(frozen=True, slots=True)
class Purse:
    """Knows what everybody has left of what is counted in pieces."""

    rules: Rules
    quotas: Quotas

    async def remains(self, person: int, skill: str) -> Remains:
        """What this person has left of a skill now."""
        day = self.rules.today(skill).isoformat()
        standing = await self.quotas.standing(person, skill, day)
        return remains(self.rules.terms(skill, person).amounts, standing)


def remains(usual: Amounts, standing: Standing) -> Remains:
    """What is left; a daily limit of their own stands above that of the rules."""
    own, gift = standing.per_day, standing.granted
    amounts = usual if own is None else replace(usual, per_day=own)
    return Remains(
        day=_share(amounts.per_day, standing.today.units, gift.units),
        month=_share(amounts.per_month, standing.month.units, gift.units),
        day_seconds=_share(amounts.seconds_per_day, standing.today.seconds, gift.seconds),
        month_seconds=_share(amounts.seconds_per_month, standing.month.seconds, gift.seconds),
        today=standing.today.units + gift.units,
        amounts=amounts,
    )


def _share(limit: float | None, used: float, gift: float) -> Share | None:
    """What was given on top has been taken from what is used."""
    if limit is None:
        return None
    left = max(limit - used, 0.0)
    return Share(left, max(limit + gift, left))
