"""A program that is killed at any moment leaves nothing half done and loses nothing told."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.jobs import State
from storage.database import Database
from storage.jobs import Jobs
from storage.outbox import Outbox
from storage.tables import jobs as jobs_table
from storage.tables import turns
from tests.storage.victim import BODIES

ROOT = Path(__file__).parents[2]


async def kill_after(url: str, lines: int) -> list[tuple[str, int]]:
    """Let a program write until it has said so many lines, then kill it; what it said."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.victim", url),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout
    said = [await program.stdout.readline() for _ in range(lines)]
    program.kill()
    rest = (await program.stdout.read()).splitlines(keepends=True)
    await program.wait()
    words = [line.decode().split() for line in [*said, *rest] if line.endswith(b"\n")]
    return [(what, int(job)) for what, job in words]


async def states(connection: AsyncConnection) -> dict[int, State]:
    """Where every job stands."""
    found = await connection.execute(select(jobs_table.c.id, jobs_table.c.state))
    return {row.id: State(row.state) for row in found}


async def lines_of(connection: AsyncConnection) -> list[int]:
    """The answers of all lines of all conversations."""
    return sorted((await connection.execute(select(turns.c.answer))).scalars())


@pytest.mark.parametrize("lines", [1, 23, 60, 151])
async def test_nothing_is_half_done_after_a_kill(url: str, lines: int) -> None:
    """Each ended job has all its messages and lines, each other job has none; all are there."""
    said = await kill_after(url, lines)
    async with await Database.open(url, durable=False) as database:
        stand = await database.read(states)
        ended = {job for job, state in stand.items() if state is State.DONE}
        assert {job for what, job in said if what == "added"} <= stand.keys()
        assert {job for what, job in said if what == "ended"} <= ended
        rows = await Outbox(database).waiting(10_000)
        expected = {(job, part, body) for job in ended for part, body in enumerate(BODIES)}
        assert expected == {(row.answer, row.part, row.body) for row in rows}
        assert sorted([*ended, *ended]) == await database.read(lines_of)
        running = {job for job, state in stand.items() if state is State.RUNNING}
        jobs = Jobs(database)
        assert len(running) == await jobs.recover(await jobs.running_workers())
        assert len(stand) - len(ended) == await jobs.unfinished()


async def test_a_file_is_sound_after_kill_upon_kill(
    make_sqlite_url: Callable[[], str],
) -> None:
    """However often it happens, SQLite finds nothing wrong with its file."""
    url = make_sqlite_url()
    for lines in (5, 17, 40):
        await kill_after(url, lines)
    connection = sqlite3.connect(str(make_url(url).database))
    assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()


SMALL_DISK = """
import asyncio, resource, signal, sys
from storage.database import Database
from storage.errors import StorageError
from storage.jobs import Jobs
from tests.storage.workshop import Talk

async def main():
    async with await Database.open(sys.argv[1]) as database:
        jobs, talk = Jobs(database), Talk()
        await jobs.add([talk.job(talk.says("small"))])
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
        try:
            await jobs.add([talk.job(talk.says("x" * 5_000_000))])
        except StorageError as error:
            print(type(error).__name__, await jobs.unfinished())
        await jobs.add([talk.job(talk.says("small"))])
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        await jobs.add([talk.job(talk.says("x" * 5_000_000))])
        print(await jobs.unfinished())

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
asyncio.run(main())
"""


async def test_a_file_that_may_not_grow_costs_only_what_does_not_fit(
    make_sqlite_url: Callable[[], str],
) -> None:
    """The operating system's own limit: an error with a name, and the program lives on."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SMALL_DISK, make_sqlite_url()),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await program.communicate()
    assert ["StorageBroken 1", "3"] == said.decode().splitlines()
