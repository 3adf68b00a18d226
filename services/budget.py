"""What people may use of a skill in a day: reserved before the work, settled after it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.errors import QuotaExceeded
from domain.jobs import Job
from services.words import Voice
from storage.ledger import Ledger, Reservation, Verdict

PAGES = "vision"
"""The skill that is counted in pages and pictures; all others are in seconds of sound."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of a skill a person may use in a day, None without a limit.

    The day begins at midnight in `timezone`.
    """

    amount: float | None = None
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Budget:
    """Counts what is used by person and day; parallel requests cannot overrun it."""

    ledger: Ledger
    allowances: Mapping[str, Allowance]
    clock: Callable[[], float]

    @asynccontextmanager
    async def spent(self, job: Job, skill: str, amount: float, voice: Voice) -> AsyncIterator[None]:
        """Reserve so much while the block runs; it is given back where that fails.

        Raises QuotaExceeded in the person's words.
        """
        verdict = await self.reserve(job, skill, amount)
        if not verdict.granted:
            raise QuotaExceeded(_refusal(skill, verdict.left, voice))
        try:
            yield
        except BaseException as trouble:
            await self.refund(job, skill, type(trouble).__name__)
            raise
        await self.settle(job, skill, amount)

    async def reserve(self, job: Job, skill: str, amount: float) -> Verdict:
        """Set so much aside for a job, unless there is not so much left."""
        person, chat = job.payload.person.id, job.payload.place.chat
        wanted = Reservation(person, chat, skill, amount, job.id, self._day(skill))
        return await self.ledger.reserve(wanted, self._allowance(skill).amount)

    async def left(self, person: int, skill: str) -> tuple[float, float] | None:
        """How much somebody has left of a day, and of how much; None without a limit."""
        amount = self._allowance(skill).amount
        if amount is None:
            return None
        used = await self.ledger.used(person, skill, self._day(skill))
        return max(amount - used, 0.0), amount

    async def settle(self, job: Job, skill: str, amount: float) -> None:
        """Say how much it was in the end."""
        await self.ledger.settle(job.id, skill, amount)

    async def refund(self, job: Job, skill: str, reason: str) -> None:
        """Give back what was set aside; the reason is for the operator."""
        await self.ledger.refund(job.id, skill, reason)

    def _allowance(self, skill: str) -> Allowance:
        return self.allowances.get(skill, Allowance())

    def _day(self, skill: str) -> str:
        zone = ZoneInfo(self._allowance(skill).timezone)
        return datetime.fromtimestamp(self.clock(), zone).date().isoformat()


def _refusal(skill: str, left: float, voice: Voice) -> str:
    if skill == PAGES:
        return voice.many(
            "This is more than you have left today: {n} page. At midnight the day begins anew.",
            "This is more than you have left today: {n} pages. At midnight the day begins anew.",
            int(left),
        )
    return voice.many(
        "This is more than you have left today: {n} minute. At midnight the day begins anew.",
        "This is more than you have left today: {n} minutes. At midnight the day begins anew.",
        int(left // 60),
    )
