"""`python -m bot playground`: the whole bot on a page in the browser, without a token."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bot.checks import Secret
from bot.commands.run import alone
from bot.config import secrets_of
from bot.exits import FAILED, told
from bot.logs import set_up
from bot.settings import Config
from bot.signals import stop_signals

ROOT = Path(__file__).parents[2]
LOCK = "playground.lock"
DATABASE = "playground.db"
"""What is said here is never mixed with what is said at Telegram."""

GREETING = """\

Hearthbot is here. Open this page in your browser:

    {url}

Ctrl-C ends it.

"""


class NoPlaygroundError(Exception):
    """The playground did not start; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the playground listens, and the token that it takes."""

    url: str
    token: str


async def main(config: Config, arguments: argparse.Namespace) -> int:
    """Serve the playground's people until asked to stop; gives the exit code."""
    set_up(config.logging.level, config.logging.format, secrets_of(config), sys.stderr)
    with stop_signals() as stop:
        try:
            async with _playground(arguments.host, arguments.port, stop) as place:
                sys.stdout.write(GREETING.format(url=place.url))
                sys.stdout.flush()
                return await alone(_there(config, place), place.token, stop, LOCK)
        except NoPlaygroundError as error:
            return told(str(error), FAILED)


def _there(config: Config, place: Place) -> Config:
    """The configuration for the playground: its address, everybody let in, its own database."""
    file = config.storage.data_dir / DATABASE
    return replace(
        config,
        telegram=replace(
            config.telegram, token=Secret(place.token), api_base=place.url, mode="polling"
        ),
        access=replace(config.access, mode="open"),
        storage=replace(config.storage, database_url=f"sqlite:///{file.as_posix()}"),
    )


@asynccontextmanager
async def _playground(host: str, port: int, stop: asyncio.Event) -> AsyncIterator[Place]:
    """The playground as a child while the block runs; should it die, the bot is told to stop.

    It leads a session of its own, so that a Ctrl-C at the terminal reaches the bot alone, which
    says its last words before the playground goes.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--json", "--until-stdin-closes"),
        *("--host", host, "--port", str(port)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        place = await _told(child, host, port)
        watch = asyncio.create_task(_watch(child, stop), name="the playground's end")
        try:
            yield place
        finally:
            watch.cancel()
            await asyncio.wait({watch})
    finally:
        await _end(child)


async def _told(child: asyncio.subprocess.Process, host: str, port: int) -> Place:
    """What a playground says when it listens; raises NoPlaygroundError."""
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    assert child.stderr is not None  # noqa: S101 - it is a pipe
    line = await child.stdout.readline()
    if line:
        said = json.loads(line)
        return Place(said["url"], said["token"])
    complaint = (await child.stderr.read()).decode(errors="replace").strip()
    if "address already in use" in complaint.lower():
        raise NoPlaygroundError(
            f"{host}:{port} is taken by another program; choose another port, "
            f"as in: python -m bot playground --port {port + 1}"
        )
    reason = complaint.splitlines()[-1] if complaint else "it said nothing"
    raise NoPlaygroundError(f"the playground did not start: {reason}")


async def _watch(child: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    """Pass on what the playground complains of, and stop the bot when it has ended."""
    assert child.stderr is not None  # noqa: S101 - it is a pipe
    async for line in child.stderr:
        sys.stderr.write(line.decode(errors="replace"))
    await child.wait()
    stop.set()


async def _end(child: asyncio.subprocess.Process) -> None:
    """Let it go by closing its input; kill it where that is not enough."""
    if child.stdin:
        child.stdin.close()
    try:
        async with asyncio.timeout(5.0):
            await child.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
