"""A program that is made to be killed: it writes for ever, and says what it was promised.

Run as `python -m tests.storage.victim URL`; each line on standard output was told to be committed.
"""

from __future__ import annotations

import asyncio
import sys

from domain.jobs import State
from domain.messages import Role
from storage.database import Database
from storage.jobs import Ending, Jobs, Said
from tests.storage.workshop import Talk

BODIES = ("one", "two", "three")


async def suffer(url: str) -> None:
    """Add, claim and end jobs, several at a time, until killed."""
    async with await Database.open(url) as database:
        jobs, talk = Jobs(database), Talk()
        while True:
            entries = [talk.job(talk.says(chat=chat)) for chat in range(1, 9)]
            for added in await jobs.add(entries):
                say("added", added.job)
            claimed = await jobs.claim({"text": 6}, "victim")
            async with asyncio.TaskGroup() as group:
                for job in claimed:
                    group.create_task(end(jobs, job.id), name="ending")


async def end(jobs: Jobs, job: int) -> None:
    """End a job with three messages and two lines."""
    turns = [Said(Role.USER, "q", 1), Said(Role.ASSISTANT, "a", 1)]
    await jobs.finish(Ending(job, "victim", State.DONE, bodies=BODIES, turns=turns))
    say("ended", job)


def say(what: str, job: int) -> None:
    """Tell the one who watches."""
    sys.stdout.write(f"{what} {job}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(suffer(sys.argv[1]))
