"""Stopping: everyone stops only their own work, and it stops at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.messages import Incoming
from services.access import Access
from storage.jobs import Cancelled, Jobs


@dataclass(frozen=True, slots=True)
class Stopping:
    """Marks jobs as cancelled where all processes see it, and stops those that run here."""

    jobs: Jobs
    access: Access
    stop_here: Callable[[int], None]

    async def lane(self, said: Incoming) -> Cancelled:
        """Stop everything that this person has in this place."""
        return self._here(await self.jobs.cancel(said.place.lane, said.person.id))

    async def job(self, job: int, said: Incoming) -> Cancelled:
        """Stop one job, if it is this person's own; administrators may stop any."""
        anyone = self.access.is_admin(said.person.id)
        return self._here(await self.jobs.cancel_job(job, None if anyone else said.person.id))

    def _here(self, cancelled: Cancelled) -> Cancelled:
        for job in cancelled.running:
            self.stop_here(job)
        return cancelled
