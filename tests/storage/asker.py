"""A program that asks for many films at the same moment.

Run as `python -m tests.storage.asker URL FIRST COUNT LIMIT`; prints how many were accepted.
"""

from __future__ import annotations

import asyncio
import sys

from storage.database import Database
from storage.jobs import Jobs
from storage.quotas import Amounts
from tests.storage.studio import charge, film
from tests.storage.workshop import Talk


async def ask_for_all(database: Database, first: int, count: int, limit: int) -> int:
    """Ask for all at once, each in a request of its own; how many were accepted."""
    jobs, talk, cost = Jobs(database), Talk(), charge(amounts=Amounts(per_day=limit))
    asked = [film(talk, cost, update=number) for number in range(first, first + count)]
    answers = await asyncio.gather(*(jobs.add([one]) for one in asked))
    return sum(one.refused is None for [one] in answers)


async def main(url: str, first: int, count: int, limit: int) -> None:
    """Open the database, and say how many were accepted."""
    async with await Database.open(url, durable=False) as database:
        accepted = await ask_for_all(database, first, count, limit)
    sys.stdout.write(f"{accepted}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
