"""The embedded engine: its life, its death, and what it says when it cannot live."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from domain.errors import BackendRejected, BackendUnavailable
from services.backends.embedded_llama import EmbeddedLlamaChat
from services.backends.openai_compatible import OpenAIChat
from services.engine import Engine
from services.skills import ChatOptions, Ready
from services.wire import Wire
from tests.services.backends.conftest import heard, true_engine

SHORT = ChatOptions(max_tokens=4)

PARENT = """
import asyncio, sys
from pathlib import Path
from services.backends.embedded_llama import EmbeddedLlamaChat
from services.wire import Wire

async def main():
    engine = EmbeddedLlamaChat(Wire(), Path(sys.argv[1]), slots=1, n_ctx=256)
    await engine.start()
    print(engine.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def engine(wire: Wire, tmp_path: Path) -> AsyncIterator[EmbeddedLlamaChat]:
    """The true engine, not yet started."""
    async with true_engine(wire, tmp_path) as engine:
        yield engine


@pytest.mark.engine
async def test_it_starts_with_the_first_question_and_ends_with_the_bot(
    engine: EmbeddedLlamaChat,
) -> None:
    """Nobody pays for it who has a better one; what it has is known before."""
    name = engine.model
    assert Ready((name,), (), 512) == await engine.ready()
    assert 0 == engine.pid
    assert await heard(engine, SHORT)
    assert Ready((name,), (name,), 512) == await engine.ready()
    child = psutil.Process(engine.pid)
    assert child.nice() > psutil.Process().nice()
    await engine.aclose()
    assert not child.is_running()


@pytest.mark.engine
async def test_an_engine_that_was_killed_is_started_again(engine: EmbeddedLlamaChat) -> None:
    """Whoever asks next does not notice."""
    await heard(engine, SHORT)
    killed = engine.pid
    os.kill(killed, signal.SIGKILL)
    assert await heard(engine, SHORT)
    assert engine.pid not in {0, killed}


@pytest.mark.engine
async def test_many_first_questions_start_one_engine(engine: EmbeddedLlamaChat) -> None:
    """The memory is enough for one."""
    await asyncio.gather(engine.start(), engine.start(), engine.start())
    children = psutil.Process().children()
    assert [engine.pid] == [one.pid for one in children if "llama_child" in str(one.cmdline())]


@pytest.mark.engine
async def test_it_takes_no_questions_from_others(engine: EmbeddedLlamaChat, wire: Wire) -> None:
    """Whoever else is on this machine does not know the key."""
    place = await engine.start()
    assert place.key not in repr(place)
    with pytest.raises(BackendRejected) as caught:
        await heard(OpenAIChat(wire, f"{place.url}/v1", engine.model, api_key="guessed"))
    assert 401 == caught.value.status


@pytest.mark.engine
async def test_it_dies_with_its_parent_however_that_dies(
    engine: EmbeddedLlamaChat, tmp_path: Path
) -> None:
    """No engine is left behind to eat the memory."""
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(tmp_path)), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = psutil.Process(int(await parent.stdout.readline()))
    parent.kill()
    await parent.wait()
    gone, _ = await asyncio.to_thread(psutil.wait_procs, [child], 10)
    assert [child] == gone


async def test_without_weights_it_says_how_to_get_some(wire: Wire, tmp_path: Path) -> None:
    """The operator reads a command, not a traceback."""
    engine = EmbeddedLlamaChat(wire, tmp_path, weights="no-such-weights")
    for call in (engine.ready(), engine.start(), heard(engine)):
        with pytest.raises(BackendUnavailable) as caught:
            await call
        assert caught.value.down
        assert "run: " in caught.value.reason
    assert "" == engine.model
    await engine.aclose()


@pytest.mark.engine
async def test_weights_that_are_damaged_are_told(
    engine: EmbeddedLlamaChat, wire: Wire, tmp_path: Path
) -> None:
    """The engine says no and is gone; nothing waits for it."""
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    damaged = EmbeddedLlamaChat(wire, tmp_path, weights=str(broken))
    with pytest.raises(BackendUnavailable) as caught:
        await heard(damaged)
    assert caught.value.down
    assert 0 == damaged.pid
    await damaged.aclose()


async def test_a_child_that_does_not_end_is_killed() -> None:
    """The bot stops in time, whatever its engine thinks of it."""
    engine = Engine("an engine", "tests.fakes.stubborn_child")
    place = await engine.start({})
    child = psutil.Process(engine.pid)
    assert place == await engine.start({})
    assert not await engine.died()
    await engine.aclose()
    assert not child.is_running()
    assert await engine.died()


async def test_a_child_that_cannot_even_begin_is_unavailable() -> None:
    """Whatever is wrong with it, the bot goes on."""
    engine = Engine("an engine", "services.no_such_child")
    with pytest.raises(BackendUnavailable, match="died while it started"):
        await engine.start({})
    assert engine.place is None
