"""A program that reserves as much as it is granted, one second of hearing a job.

Run as `python -m tests.storage.reserver URL FIRST COUNT LIMIT`; prints how many were granted.
"""

from __future__ import annotations

import asyncio
import sys

from storage.database import Database
from storage.ledger import Ledger, Reservation


async def reserve_all(url: str, first: int, count: int, limit: float) -> int:
    """Ask for all jobs at once."""
    async with await Database.open(url, durable=False) as database:
        ledger = Ledger(database)
        verdicts = await asyncio.gather(
            *(
                ledger.reserve(Reservation(1, 1, "hear", 1.0, job, "2026-01-31"), limit)
                for job in range(first, first + count)
            )
        )
    return sum(one.granted for one in verdicts)


if __name__ == "__main__":
    granted = asyncio.run(
        reserve_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    )
    sys.stdout.write(f"{granted}\n")
