"""Programs of others: what they may take, and that none of them is left."""

import asyncio
import os
from asyncio.subprocess import PIPE
from pathlib import Path

import psutil
import pytest

from services.programs import Pipes, end, start
from tests.services.ground import until

SLOW = "echo $$ > {pid}; sleep 600; sleep 600"


def members(group: int) -> list[int]:
    """The processes of a group, but for the dead."""
    found = []
    for process in psutil.process_iter(["status"]):
        try:
            if os.getpgid(process.pid) == group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except ProcessLookupError:
            continue
    return found


def written(path: Path) -> int:
    """The process id that a program writes down, 0 until it has."""
    return int(path.read_text().strip() or 0) if path.exists() else 0


async def test_one_is_ended_with_what_it_has_started(tmp_path: Path) -> None:
    """And its pipes are closed, whoever held them."""
    path = tmp_path / "pid"
    child = await start(["/bin/sh", "-c", SLOW.format(pid=path)], 1 << 30, {}, Pipes(PIPE, PIPE))
    await until(lambda: written(path) == child.pid and len(members(child.pid)) > 1)
    await end(child)
    await until(lambda: not members(child.pid))
    assert child.stdout is not None
    assert child.stdout.at_eof()
    await end(child)


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8, 0])
async def test_one_that_is_not_wanted_any_more_while_it_starts_is_ended(
    tmp_path: Path, turns: int
) -> None:
    """It may have started others by then; 0 turns wait for that."""
    path = tmp_path / "pid"
    command = ["/bin/sh", "-c", SLOW.format(pid=path)]
    starting = asyncio.create_task(start(command, 1 << 30, {}, Pipes(PIPE, PIPE)), name="a start")
    for _ in range(turns):
        await asyncio.sleep(0)
    while not turns and not written(path) and not starting.done():  # noqa: ASYNC110  no event tells
        await asyncio.sleep(0)
    starting.cancel()
    await asyncio.wait({starting})
    if starting.cancelled():
        assert not members(written(path) or -1)
    else:
        await end(starting.result())


async def test_memory_is_limited() -> None:
    """Whoever wants more fails, and nobody else."""
    child = await start(["/bin/sh", "-c", "ulimit -d"], 64 << 20, {}, Pipes(stdout=PIPE))
    said, _ = await child.communicate()
    await end(child)
    assert said.strip() in {b"65536", b"unlimited"}  # it may be faster than its limit


async def test_what_cannot_be_started_raises(tmp_path: Path) -> None:
    """It is for the caller to say what is missing."""
    with pytest.raises(FileNotFoundError):
        await start([tmp_path / "nobody"], 1 << 30, {}, Pipes())
