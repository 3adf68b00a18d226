"""The wait for a first piece: what is told, and when it is given up."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

from domain.answers import Phase
from domain.routes import Route
from domain.speech import Timbre
from services.backends.wyoming import WyomingSynthesizer
from services.chain import Candidate, Chain
from services.skills import Synthesizer
from services.wire import Wire
from tests.fakes.serving import Script
from tests.fakes.wyoming import FakeWyoming
from tests.services.chained import (
    QUICK,
    chained,
    crowded,
    plain,
)
from tests.services.ground import until


async def test_loading_is_told_from_thinking() -> None:
    """Who waits for a model to be loaded knows it, and knows when it is done."""
    async with chained(plain) as setting:
        setting.servers[0].models.load_seconds = 0.3
        setting.servers[0].script = Script("hello", first_after=0.3)
        assert "hello" == await setting.ask()
    expected = [Phase.THINKING, Phase.LOADING, Phase.THINKING]
    assert expected == [one.phase for one in setting.stages]
    assert {"a"} == {one.backend for one in setting.stages}


async def test_a_slow_model_is_waited_for_while_its_server_is_well() -> None:
    """Long thinking is no hanging, however long the doubt."""
    async with chained(plain, plain) as setting:
        setting.servers[0].script = Script("at last", first_after=QUICK.doubt_after * 3)
        assert "at last" == await setting.ask()
        assert [1, 0] == setting.asked()


async def test_a_server_that_says_nothing_of_itself_is_no_cause_for_doubt_at_first() -> None:
    """Loading a large model makes some servers deaf for a while."""
    async with chained(plain, plain, patience=replace(QUICK, doubt_after=10.0)) as setting:
        setting.servers[0].script = Script("at last", first_after=0.3)
        asking = asyncio.create_task(setting.ask())
        await setting.servers[0].asked("/api/chat")
        setting.servers[0].models.names = ()  # from now on it is not ready
        assert "at last" == await asking
        assert len(setting.servers[0].to("/api/tags")) > 1


async def test_who_hangs_is_left_before_its_patience_ends() -> None:
    """Its patience is five minutes; nobody waits for that."""
    async with chained(plain, plain, patience=replace(QUICK, probe_first=60.0)) as setting:
        setting.servers[0].script = Script(deaf=True)
        async with asyncio.timeout(10):
            assert "I am b" == await setting.ask()
            await setting.servers[0].to("/api/chat")[0].left.wait()
        assert [False, True] == setting.up()
        assert "hangs" in setting.chain.state()[0].health.reason


async def test_who_is_deaf_while_it_works_is_waited_for() -> None:
    """wyoming-piper is, and a long sentence takes a small machine longer than any doubt."""
    async with FakeWyoming() as server, aclosing(Wire()) as wire:
        mouth = WyomingSynthesizer(wire, server.url)
        async with Chain[Synthesizer]("speak", [Candidate(mouth)], QUICK) as chain:
            await until(lambda: bool(chain.state()[0].models))
            server.script = Script(first_after=3 * (QUICK.doubt_after + QUICK.ready_within))
            said = await chain.once(Route(), lambda one: one.speak("Hello.", Timbre("en")))
    assert said.startswith(b"RIFF")


async def test_many_who_wait_ask_a_server_once() -> None:
    """Two hundred questions at once must not become four hundred questions about the server."""
    patience = replace(QUICK, notice_after=0.1, look_every=60.0)
    async with chained(crowded, patience=patience) as setting:
        setting.servers[0].script = Script("at last", first_after=0.5)
        before = len(setting.servers[0].to("/api/tags"))
        answers = await asyncio.gather(*(setting.ask() for _ in range(30)))
        assert ["at last"] * 30 == answers
        assert 1 == len(setting.servers[0].to("/api/tags")) - before
