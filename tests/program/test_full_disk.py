"""While there is no room on the disk nothing is confirmed, and nothing is lost."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import Program, ollama, running
from tests.program.conftest import Make
from tests.program.house import echo
from tests.telegram import Person

WORDS = " ".join(f"word{number}" for number in range(30))


@contextmanager
def full(bot: Program) -> Iterator[None]:
    """No file of the program can grow beyond what its database has written so far."""
    assert bot.process is not None
    size = (bot.folder / "data" / "hearthbot.db-wal").stat().st_size
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
async def test_a_full_disk_is_waited_for(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """What is asked meanwhile stays with Telegram; when there is room all is answered, once."""
    bot = program(ollama(model.url))
    async with running(bot), Person(play.url, 1) as ann, Person(play.url, 2) as oksana:
        await ann.send("Is there room?")
        await ann.wait_reply()
        model.script = Script(WORDS, words_per_second=15)
        await ann.send("Tell me thirty words.")
        await ann.wait_event(lambda e: e["type"] == "draft" and "word" in e.get("text", ""))
        with full(bot):
            model.script = Script(echo, words_per_second=0)
            await oksana.send("And now?")
            await bot.logged("Polling failed: Storage")
            await bot.logged("Not written")
            assert 1 == (await oksana.look("stats"))["pending"]
            assert [] == await oksana.replies()
        await ann.wait_reply(lambda m: m["text"] == WORDS)
        await oksana.wait_reply(lambda m: m["text"] == "You said: And now?", timeout=40)
        assert 2 == len(await ann.replies())
        assert 1 == len(await oksana.replies())
        assert 0 == await bot.stop()
