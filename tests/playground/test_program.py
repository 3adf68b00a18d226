"""The program says where it listens, and ends when it is told to or left alone."""

import asyncio
import json
import signal
import sys

import httpx
import pytest


async def _started(*more: str, stdin: int | None = None) -> asyncio.subprocess.Process:
    line = (sys.executable, "-m", "playground", "--port", "0", *more)
    return await asyncio.create_subprocess_exec(
        *line, stdin=stdin, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def _first_line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async with asyncio.timeout(20):
        return (await process.stdout.readline()).decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_cleanly_when_asked(number: signal.Signals) -> None:
    """Both signals end it at once, with nothing to complain about."""
    process = await _started("--json", "--token", "77:secret")
    told = json.loads(await _first_line(process))
    async with httpx.AsyncClient(base_url=told["url"], trust_env=False) as http:
        me = (await http.get(f"/bot{told['token']}/getMe")).json()["result"]
    process.send_signal(number)
    async with asyncio.timeout(10):
        _, complaints = await process.communicate()
    assert ("77:secret", 77) == (told["token"], me["id"])
    assert (0, b"") == (process.returncode, complaints)


async def test_it_ends_when_its_parent_is_gone() -> None:
    """With --until-stdin-closes nobody has to end it."""
    process = await _started("--until-stdin-closes", stdin=asyncio.subprocess.PIPE)
    line = await _first_line(process)
    assert process.stdin
    process.stdin.close()
    async with asyncio.timeout(10):
        await process.communicate()
    assert "http://127.0.0.1:" in line
    assert 0 == process.returncode
