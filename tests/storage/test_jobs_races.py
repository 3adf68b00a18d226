"""Many workers, many programs, one queue: each job is run once and lanes keep their order."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from domain.jobs import State
from storage.database import Database
from storage.jobs import Ending, Jobs
from storage.outbox import Outbox
from tests.storage.workshop import Talk

ROOT = Path(__file__).parents[2]


def check(lines: list[str], expected: dict[str, list[int]]) -> None:
    """In each lane every job began once, after the one before it had ended."""
    lanes: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for line in lines:
        what, lane, job = line.split()
        lanes[lane].append((what, int(job)))
    wanted = {
        lane: [(what, job) for job in ids for what in ("start", "end")]
        for lane, ids in expected.items()
    }
    assert wanted == lanes


async def filled(url: str, lanes: int, depth: int) -> dict[str, list[int]]:
    """Put jobs of a few people into lanes; their ids by lane."""
    expected: defaultdict[str, list[int]] = defaultdict(list)
    async with await Database.open(url, durable=False) as database:
        talk = Talk()
        said = [
            talk.says(chat=-1 - number % lanes, person=1 + number % 3)
            for number in range(lanes * depth)
        ]
        for one, added in zip(
            said, await Jobs(database).add([talk.job(one) for one in said]), strict=True
        ):
            expected[one.place.lane].append(added.job)
    return dict(expected)


async def test_workers_of_several_programs_run_each_job_once(url: str, tmp_path: Path) -> None:
    """Three programs that know nothing of each other share a queue without a mistake."""
    expected = await filled(url, lanes=7, depth=6)
    log = tmp_path / "log"
    programs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.storage.claimant", url, f"w{number}", str(log)),
            cwd=ROOT,
        )
        for number in range(3)
    ]
    assert [0, 0, 0] == [await program.wait() for program in programs]
    check(log.read_text().splitlines(), expected)
    async with await Database.open(url, durable=False) as database:
        assert 7 * 6 == len(await Outbox(database).waiting(1000))


async def test_workers_of_several_databases_run_each_job_once(url: str, opened: Any) -> None:
    """The same within one program, with a connection for each worker."""
    expected = await filled(url, lanes=5, depth=8)
    lines: list[str] = []

    async def work(name: str) -> None:
        jobs = Jobs(await opened(url))
        while await jobs.unfinished():
            for job in await jobs.claim({"text": 3}, name):
                lines.append(f"start {job.lane} {job.id}")
                await asyncio.sleep(0)
                lines.append(f"end {job.lane} {job.id}")
                await jobs.finish(Ending(job.id, name, State.DONE))

    async with asyncio.TaskGroup() as group:
        for number in range(4):
            group.create_task(work(f"w{number}"), name=f"worker {number}")
    check(lines, expected)


async def test_claims_at_the_same_moment_share_the_jobs(database: Database, talk: Talk) -> None:
    """Claims that are written together do not see each other's jobs."""
    jobs = Jobs(database)
    await jobs.add([talk.job(talk.says(chat=chat)) for chat in range(1, 31)])
    claimed = await asyncio.gather(*(jobs.claim({"text": 2}, f"w{n}") for n in range(20)))
    ids = [job.id for one in claimed for job in one]
    assert 30 == len(ids) == len(set(ids))


async def test_updates_that_reach_two_programs_become_one_job(
    make_url: Callable[[], str], opened: Any
) -> None:
    """A webhook that is repeated to another machine is known there."""
    url = make_url()
    first, second = Jobs(await opened(url)), Jobs(await opened(url))
    entries = [Talk().job(update=update) for update in range(40)]
    both = await asyncio.gather(
        *(jobs.add([entry]) for entry in entries for jobs in (first, second))
    )
    assert 40 == sum(one.fresh for batch in both for one in batch)
    assert 40 == await first.unfinished()
