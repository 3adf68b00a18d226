"""Two thousand who ask at the same moment do not overrun a quota of five."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from storage.database import Database
from storage.jobs import Jobs
from storage.quotas import Quotas, Used
from tests.storage.asker import ask_for_all
from tests.storage.studio import TODAY, charge, film
from tests.storage.workshop import Talk

ROOT = Path(__file__).parents[2]
MANY = 2000


async def check(database: Database) -> None:
    """Five are counted, and all others are told."""
    assert Used(5, 20.0) == (await Quotas(database).standing(1, "video", TODAY)).today
    assert {"video": 5, "quick": MANY - 5} == await Jobs(database).waiting_by_pool()


async def test_one_program_accepts_exactly_five(database: Database) -> None:
    """Written in groups, and decided one after the other."""
    assert 5 == await ask_for_all(database, 1, MANY, 5)
    await check(database)


async def test_four_programs_accept_exactly_five(url: str) -> None:
    """They know nothing of each other but the database."""
    share = MANY // 4
    programs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.storage.asker", url),
            *(str(1 + share * number), str(share), "5"),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(4)
    ]
    said = [(await program.communicate())[0] for program in programs]
    assert [0] * 4 == [program.returncode for program in programs]
    assert 5 == sum(int(one) for one in said)
    async with await Database.open(url, durable=False) as database:
        await check(database)


async def test_one_update_that_reaches_two_programs_is_charged_once(url: str, opened: Any) -> None:
    """A webhook that is repeated to another machine is known there."""
    databases = [await opened(url) for _ in range(2)]
    asked = [film(Talk(), charge(), update=number) for number in (1, 2, 3)]
    both = await asyncio.gather(
        *(Jobs(one).add([entry]) for entry in asked for one in databases),
    )
    assert 3 == sum(one.fresh for batch in both for one in batch)
    assert Used(3, 12.0) == (await Quotas(databases[0]).standing(1, "video", TODAY)).today
