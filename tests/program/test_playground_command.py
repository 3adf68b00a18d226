"""`python -m bot playground`: a page in the browser with the whole bot behind it, and no token."""

import asyncio
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from tests.program import PATIENCE, Program
from tests.program.once import once
from tests.telegram import Person, plain_client

PARROT = '''
"""Somebody's own backend."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from domain.messages import Turn
from services.skills import ChatOptions, Ready


@dataclass(frozen=True, slots=True)
class Parrot:
    """Says what it hears, and a word of its own."""

    word: str
    label: str = "Parrot"

    async def ready(self) -> Ready:
        return Ready(("grey",))

    async def stream(self, turns: Sequence[Turn], options: ChatOptions) -> AsyncIterator[str]:
        yield f"{turns[-1].text} "
        yield self.word
'''


def parrot(folder: Path) -> Program:
    """A playground whose only model is a stranger's class in a stranger's folder."""
    (folder / "strangers_parrot.py").write_text(PARROT)
    backend = '[[chat]]\nuse = "strangers_parrot:Parrot"\nword = "Squawk!"\n'
    return playground(folder, backend, PYTHONPATH=str(folder))


def playground(folder: Path, more: str, **environment: str) -> Program:
    """A playground on a free port; it does not run yet."""
    (folder / "config.toml").write_text(f'{more}\n[storage]\ndata_dir = "{folder / "data"}"\n')
    command = ("playground", "--port", "0")
    return Program(folder, "", command, {"TELEGRAM_TOKEN": "", **environment})


@asynccontextmanager
async def opened(program: Program) -> AsyncIterator[str]:
    """The address that the program tells its user to open; it is gone after the block."""
    try:
        await program.start()
        yield await _address(program)
    finally:
        await program.kill()


async def _address(program: Program) -> str:
    assert program.process is not None
    async with asyncio.timeout(PATIENCE):
        while not (told := re.search(r"^ +(http://\S+)$", program.log.read_text(), re.MULTILINE)):
            assert program.process.returncode is None, program.log.read_text()
            await asyncio.sleep(0.02)
    return told[1]


async def test_a_strangers_backend_answers_on_the_page(tmp_path: Path) -> None:
    """The page opens, a question is answered by a class that no file here names."""
    async with opened(parrot(tmp_path)) as url:
        async with plain_client(url, timeout=PATIENCE) as http:
            page = await http.get("/")
        assert 200 == page.status_code
        assert page.headers["content-type"].startswith("text/html")
        async with Person(url, 1) as ann:
            await ann.send("Who is there?")
            assert "Who is there? Squawk!" == (await ann.wait_reply(timeout=PATIENCE))["text"]
            await ann.send("/status")
            assert "Parrot" in (await ann.wait_reply())["text"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_ends_both(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM end the bot and its playground, in good order and with 0."""
    program = parrot(tmp_path)
    async with opened(program) as url:
        assert program.process is not None
        async with Person(url, 1) as ann:
            await ann.send("Are you there?")
            await ann.wait_reply(timeout=PATIENCE)
        program.process.send_signal(number)
        assert 0 == await program.end()
        async with plain_client(url, timeout=PATIENCE) as http:
            with pytest.raises(httpx.ConnectError):
                await http.get("/")
    assert "Traceback" not in program.log.read_text()


async def test_nothing_of_a_killed_one_is_left(tmp_path: Path) -> None:
    """After kill -9 the playground goes by itself, and nothing stands in the way of a next one."""
    program = parrot(tmp_path)
    async with opened(program) as url:
        async with Person(url, 1) as ann:
            await ann.send("Before?")
            await ann.wait_reply(timeout=PATIENCE)
        await program.kill()
        async with plain_client(url, timeout=PATIENCE) as http, asyncio.timeout(PATIENCE):
            while await _answers(http):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.02)
    await asyncio.to_thread(program.log.unlink)
    async with opened(program) as url, Person(url, 1) as ann:
        await ann.send("After?")
        await ann.wait_reply(lambda m: m["text"] == "After? Squawk!", timeout=PATIENCE)


async def test_a_taken_port_is_said_with_the_way_out(tmp_path: Path) -> None:
    """One line names the port and the option for another one."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = await once("playground", "--port", str(port), environment={}, folder=tmp_path)
    assert 1 == told.code
    assert f"127.0.0.1:{port} is taken by another program" in told.err
    assert f"python -m bot playground --port {port + 1}" in told.err
    assert "Traceback" not in told.err
    assert 1 == len(told.err.splitlines())


@pytest.mark.engine
@pytest.mark.timeout(180)
async def test_the_embedded_model_answers_where_nothing_else_runs(tmp_path: Path) -> None:
    """No token, no server, no configuration to speak of: a question gets an answer."""
    async with opened(playground(tmp_path, "")) as url, Person(url, 1) as ann:
        await ann.send("What is the capital of France?")
        answer = await ann.wait_reply(timeout=90)
        assert answer["text"].strip()
        assert "can be reached" not in answer["text"]
        await ann.send("/status")
        assert "demonstration model" in (await ann.wait_reply())["text"]


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        await http.get("/")
    except httpx.TransportError:
        return False
    return True
