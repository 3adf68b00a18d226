"""Jobs: written down once, claimed once, ended once."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from domain.jobs import Job
from domain.messages import Incoming
from storage import claims, detours, endings, intake, job_queries, stages
from storage.claims import Claim
from storage.database import Database
from storage.detours import Cancelled, Departure, Return, Stop
from storage.endings import Ending, Finish, Said
from storage.intake import Added, Arrivals, NewJob
from storage.job_rows import Found, Head
from storage.outbox_rows import Row
from storage.parts import Filed
from storage.stages import Passing, Reached

__all__ = [
    "Added",
    "Cancelled",
    "Ending",
    "Filed",
    "Found",
    "Head",
    "Jobs",
    "NewJob",
    "Row",
    "Said",
]


class Jobs:
    """The queue of all lanes.

    What changes a job is grouped with what others change at the same time. Only an ending is
    sure to survive a power cut when it comes back; `Database.harden` makes sure of the rest.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.on_change: Callable[[Collection[str]], None] = _untold
        """Called when others may have something to do: with the pools of what is new, if any is."""
        self._database = database
        self._clock = clock

    async def add(self, entries: Sequence[NewJob]) -> Sequence[Added]:
        """Write down what came, each update once, and join what belongs together."""
        if not entries:
            return []
        added = await self._database.write(intake.add, Arrivals(entries, self._clock()))
        self.on_change({one.pool for one in entries})
        return added

    async def claim(self, wants: Mapping[str, int], worker: str) -> list[Job]:
        """Start up to so many jobs of each pool, the person served least lately first."""
        return await self._database.write(claims.claim, Claim(wants, worker, self._clock()))

    async def finish(self, ending: Ending) -> list[Row]:
        """End a job and put its answer into the outbox; the rows to deliver now.

        Nothing happens, and nothing is to be delivered, if the job no longer runs under this
        worker.
        """
        rows = await self._database.write(
            endings.finish, Finish(ending, self._clock()), durable=True
        )
        self.on_change(())
        return rows

    async def put_back(
        self, job: int, not_before: float, reason: str, *, worker: str, count_attempt: bool = True
    ) -> None:
        """Let a job that this worker runs wait in its place until `not_before`."""
        back = Return(job, worker, not_before, reason, count_attempt, self._clock())
        await self._database.write(detours.put_back, back)
        self.on_change(())

    async def save(self, job: int, worker: str, checkpoint: str) -> None:
        """Remember how far a job has come that this worker runs; its next start is told."""
        await self._database.write(stages.save, Reached(job, worker, checkpoint))

    async def pass_on(
        self, job: int, worker: str, *, task: str, pool: str, payload: Incoming
    ) -> bool:
        """Let a job that this worker runs go on in its place as another task, begun anew.

        False, and nothing happens, if this worker runs it no more or somebody wants it stopped.
        """
        passing = Passing(job, worker, task, pool, payload)
        done = await self._database.write(stages.pass_on, passing)
        self.on_change({pool})
        return done

    async def cancel(self, lane: str, person: int) -> Cancelled:
        """Drop what this person has waiting in the lane, and mark what runs."""
        return await self._stop(Stop(person, self._clock(), lane=lane))

    async def cancel_job(self, job: int, person: int | None) -> Cancelled:
        """Drop or mark one job, if it is this person's; None is somebody who may stop any."""
        return await self._stop(Stop(person, self._clock(), job=job))

    async def drop(self, chat: int) -> list[int]:
        """Drop quietly all that waits in a chat that nobody reads any more."""
        dropped = await self._database.write(detours.drop, Departure(chat, self._clock()))
        self.on_change(())
        return dropped

    async def recover(self, dead_workers: Collection[str]) -> int:
        """Queue again, in their old places, the jobs of workers that are no more."""
        count = await self._database.write(detours.recover, tuple(dead_workers))
        self.on_change(())
        return count

    async def reword(self, job: int, text: str) -> bool:
        """Say it in other words in a job that still waits; False if it does not.

        All else in it stays as it is by then: its files may have been heard meanwhile.
        """
        return await self._database.write(stages.reword, (job, text))

    async def position(self, jobs: Sequence[int]) -> dict[int, int]:
        """How many jobs of its pool run or are served before each of these that still waits."""
        return await self._database.read(lambda c: job_queries.positions(c, tuple(jobs)))

    async def get(self, job: int) -> Found | None:
        """The job of this number, and where it stands."""
        return await self._database.read(lambda c: job_queries.get(c, job))

    async def find(self, chat: int, message: int, *, but: str = "") -> Found | None:
        """The newest job that a message began or joined, in pools other than `but`."""
        return await self._database.read(lambda c: job_queries.find(c, chat, message, but))

    async def latest(self, answer: int) -> Found | None:
        """The newest job that writes this answer, and where it stands."""
        return await self._database.read(lambda c: job_queries.latest(c, answer))

    async def heads(self, since: float, most: int, *, but: str) -> list[Head]:
        """The first of each lane that waits since then for a place, in pools other than `but`."""
        now = self._clock()
        return await self._database.read(lambda c: job_queries.heads(c, since, now, but, most))

    async def next_due(self, since: float | None = None) -> float | None:
        """When the next job that was held at `since`, or is now, may start; None if none is."""
        now = self._clock() if since is None else since
        return await self._database.read(lambda c: job_queries.next_due(c, now))

    async def running_workers(self) -> set[str]:
        """All workers that are said to run something, dead ones too."""
        return await self._database.read(job_queries.running_workers)

    async def running_in(self, chat: int, *, but: str) -> list[int]:
        """What runs for a chat, in pools other than `but`."""
        return await self._database.read(lambda c: job_queries.running_in(c, chat, but))

    async def cancelled(self, worker: str) -> list[int]:
        """What this worker runs and should stop."""
        return await self._database.read(lambda c: job_queries.cancelled(c, worker))

    async def unfinished(self) -> int:
        """How many jobs wait or run."""
        return await self._database.read(job_queries.unfinished)

    async def waiting_by_pool(self) -> dict[str, int]:
        """How many jobs wait in each pool."""
        return await self._database.read(job_queries.waiting_by_pool)

    async def prune(self, before: float) -> int:
        """Forget the jobs that ended before a time, some at a time; how many it were."""
        total = 0
        while gone := await self._database.write(detours.prune, before):
            total += gone
        return total

    async def _stop(self, stop: Stop) -> Cancelled:
        stopped = await self._database.write(detours.stop, stop)
        self.on_change(())
        return stopped


def _untold(_pools: Collection[str]) -> None:
    """Nobody else works here."""
