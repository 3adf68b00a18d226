"""Programs of others, started with little to take, and ended with whatever they have started."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pipes:
    """Where a program's input comes from and its output goes to, as asyncio says it."""

    stdin: int = DEVNULL
    stdout: int = DEVNULL
    stderr: int = DEVNULL


async def start(
    command: Sequence[str | Path], memory: int, environment: Mapping[str, str], pipes: Pipes
) -> Process:
    """Start a program that may take so many bytes of memory; raises OSError.

    Its environment has `LC_ALL` and what is given here: what opens strangers' files is told no
    secrets. What is no pipe of ours goes nowhere.
    """
    started = _started(command, environment, pipes)
    starting = asyncio.create_task(started, name=f"starting {command[0]}")
    try:
        child = await asyncio.shield(starting)
    except asyncio.CancelledError:  # asyncio would not end what the program has started by then
        with suppress(OSError):
            await end(await starting)
        raise
    _hold(child.pid, memory)
    return child


async def end(child: Process) -> None:
    """Kill it, with whatever it has started, unless it has ended; its pipes are closed then."""
    if child.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    await child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            await pipe.read()


async def _started(
    command: Sequence[str | Path], environment: Mapping[str, str], pipes: Pipes
) -> Process:
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=pipes.stdin,
        stdout=pipes.stdout,
        stderr=pipes.stderr,
        env={"LC_ALL": "C", **environment},
        process_group=0,  # no session of its own, which a busy Linux serves last
    )


def _hold(pid: int, memory: int) -> None:
    """Hold a child to its memory, where the system can: macOS cannot.

    It is done from outside, for code between fork and exec is not safe beside threads.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415  it can do this on Linux only

        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))
