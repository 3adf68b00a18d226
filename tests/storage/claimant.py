"""A worker in a process of its own: claims and ends jobs until none is left.

Run as `python -m tests.storage.claimant URL NAME FILE`; each start and end is a line in the file.
"""

from __future__ import annotations

import asyncio
import os
import sys

from domain.jobs import State
from storage.database import Database
from storage.jobs import Ending, Jobs


async def claim_all(url: str, name: str, file: str) -> None:
    """Claim two at a time; a line is written after each claim and before each ending."""
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    async with await Database.open(url, durable=False) as database:
        jobs = Jobs(database)
        while await jobs.unfinished():
            for job in await jobs.claim({"text": 2}, name):
                os.write(log, f"start {job.lane} {job.id}\n".encode())
                await asyncio.sleep(0)
                os.write(log, f"end {job.lane} {job.id}\n".encode())
                await jobs.finish(Ending(job.id, name, State.DONE, bodies=["done"]))
    os.close(log)


if __name__ == "__main__":
    asyncio.run(claim_all(*sys.argv[1:]))
