"""A program that is made to be killed while it accepts, makes, stops and ends films.

Run as `python -m tests.storage.spender URL DAY`; each line on standard output was told to be
committed. Its own jobs of an earlier life wait again when it starts.
"""

from __future__ import annotations

import asyncio
import sys

from domain.jobs import Job, State
from storage.database import Database
from storage.jobs import Ending, Jobs, NewJob
from storage.quotas import Amounts
from tests.storage.studio import charge, film
from tests.storage.workshop import Talk

LIMIT = 12
PEOPLE = (1, 2, 3)
SPENT = 2.5


def fails(job: int) -> bool:
    """Whether a film comes to nothing."""
    return job % 4 == 0


async def spend(url: str, day: str) -> None:
    """Ask for films, make some, stop some, all at once, until killed."""
    async with await Database.open(url) as database:
        jobs, talk = Jobs(database), Talk()
        cost = charge(amounts=Amounts(per_day=LIMIT), day=day)
        await jobs.recover(["spender"])
        while True:
            asked = [film(talk, cost, person=who, update=None, lane=str(who)) for who in PEOPLE]
            async with asyncio.TaskGroup() as group:
                for entry in asked:
                    group.create_task(accept(jobs, entry), name="accepting")
                for job in await jobs.claim({"video": 2, "quick": 9}, "spender"):
                    group.create_task(end(jobs, job), name="ending")


async def accept(jobs: Jobs, entry: NewJob) -> None:
    """Ask for one film, and stop every fifth before it starts."""
    [added] = await jobs.add([entry])
    say("refused" if added.refused else "accepted", added.job)
    if added.job % 5 == 0:
        await jobs.cancel_job(added.job, None)


async def end(jobs: Jobs, job: Job) -> None:
    """End a film, or tell that there is none."""
    spent = None if fails(job.id) or job.pool == "quick" else SPENT
    await jobs.finish(Ending(job.id, "spender", State.DONE, bodies=["done"], spent=spent))
    say("ended", job.id)


def say(what: str, job: int) -> None:
    """Tell the one who watches."""
    sys.stdout.write(f"{what} {job}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(spend(sys.argv[1], sys.argv[2]))
