"""The health of a chain: what is left alone, what comes back, and what the operator sees."""

import asyncio
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest

from domain.answers import Phase
from domain.errors import BackendUnavailable, NoBackendLeft
from domain.routes import Category, Privacy, Route
from services.breaker import STRIKES
from services.chain import Candidate, Chain, Stage
from services.patience import Patience
from services.skills import ChatModel, Ready
from tests.fakes.serving import Script
from tests.services.chained import QUICK, chained, cloud, heard, one_place, plain

SLOW = Patience(probe_first=60.0)


async def test_who_keeps_failing_is_left_alone() -> None:
    """Its share of trouble is enough; the reason is kept."""
    async with chained(plain, plain, patience=SLOW) as setting:
        setting.servers[0].script = Script(status=500, error="out of memory")
        for _ in range(STRIKES + 2):
            assert "I am b" == await setting.ask()
        assert [STRIKES, STRIKES + 2] == setting.asked()
        down = setting.chain.state()[0]
    assert (False, "500 out of memory") == (down.health.up, down.health.reason)
    assert STRIKES == down.record.failures


async def test_an_answer_between_failures_is_a_new_beginning() -> None:
    """Only who fails in a row is left alone."""
    async with chained(plain, plain, patience=SLOW) as setting:
        for _ in range(2):
            setting.servers[0].script = Script(status=500)
            for _ in range(STRIKES - 1):
                assert "I am b" == await setting.ask()
            setting.servers[0].script = Script("I am a")
            assert "I am a" == await setting.ask()


async def test_who_is_not_there_is_left_alone_at_once() -> None:
    """Nobody listens, so nobody need be asked three times."""
    async with chained(plain, plain, patience=SLOW) as setting:
        await setting.servers[0].stop()
        await setting.ask()
        assert [False, True] == setting.up()


async def test_why_a_backend_was_left_alone_is_told_when_nobody_is_left() -> None:
    """The operator reads the reason that opened the breaker."""
    async with chained(plain, patience=SLOW) as setting:
        setting.servers[0].models.names = ()
        for _ in range(2):
            with pytest.raises(NoBackendLeft) as caught:
                await setting.ask()
            assert {"a": "model 'm' is missing; run: ollama pull m"} == caught.value.reasons
        assert [1] == setting.asked()


async def test_who_is_well_again_is_asked_again() -> None:
    """Nobody has to restart the bot."""
    async with chained(plain, plain) as setting:
        await setting.servers[0].stop()
        assert "I am b" == await setting.ask()
        await setting.servers[0].start()
        await setting.until(lambda: setting.up() == [True, True])
        assert "I am a" == await setting.ask()


async def test_who_was_down_from_the_start_comes_up() -> None:
    """The bot may be started before its servers."""
    async with chained(plain, look=False) as setting:
        await setting.servers[0].stop()
        async with setting.chain:
            await setting.until(lambda: setting.up() == [False])
            await setting.servers[0].start()
            await setting.until(lambda: setting.up() == [True])
            assert ("m:latest",) == setting.chain.state()[0].models


async def test_a_reason_that_changes_is_told() -> None:
    """First nobody listens, then the model is missing."""
    async with chained(plain) as setting:
        server = setting.servers[0]
        await server.stop()
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        server.models.names = ()
        await server.start()
        await setting.until(lambda: "missing" in setting.chain.state()[0].health.reason)
        assert [False] == setting.up()


async def test_a_question_that_nobody_can_take_hurries_the_probe() -> None:
    """Who has just pulled the model and asks again does not wait for a minute."""
    patience = Patience(probe_first=0.02, probe_most=60.0)
    async with chained(plain, patience=patience) as setting:
        server = setting.servers[0]
        server.models.names = ()
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        # the look at the start and seven probes, after which the eighth is over 1.9 s away
        last = await server.asked("/api/tags", 8)
        server.models.names = ("m",)
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        probe = await server.asked("/api/tags", 9)
        assert probe.came - last.came < 1.9
        await setting.until(lambda: setting.up() == [True])


async def test_probes_become_rarer() -> None:
    """A server that is off for a week is not asked every second."""
    async with chained(plain) as setting:
        server = setting.servers[0]
        server.models.names = ()
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        probes = [await server.asked("/api/tags", number) for number in range(2, 7)]
    pauses = [b.came - a.came for a, b in pairwise(probes)]
    assert pauses[0] < pauses[-1]
    assert pauses[-1] > QUICK.probe_most / 2


async def test_a_backend_that_comes_back_takes_those_who_wait() -> None:
    """They wait for a place, and now there is one more."""
    async with chained(one_place, one_place) as setting:
        await setting.servers[0].stop()
        await setting.ask()
        setting.servers[1].script = Script("a b", hang_after=1)
        first = asyncio.create_task(setting.ask())
        await setting.servers[1].asked("/api/chat", 2)
        second = asyncio.create_task(setting.ask())
        await setting.servers[0].start()
        async with asyncio.timeout(10):
            assert "I am a" == await second
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_who_waits_for_a_backend_that_goes_down_is_told() -> None:
    """Nobody waits for ever for a place that cannot come."""
    async with chained(one_place, patience=SLOW) as setting:
        setting.servers[0].script = Script("a b", hang_after=1)
        first = asyncio.create_task(setting.ask())
        await setting.servers[0].asked("/api/chat")
        others = [asyncio.create_task(setting.ask()) for _ in range(3)]
        await setting.until(lambda: len(setting.stages) == 4)
        await setting.servers[0].stop()
        async with asyncio.timeout(10):
            ends = await asyncio.gather(first, *others, return_exceptions=True)
    assert {NoBackendLeft} == {type(one) for one in ends[1:]}


async def test_who_waits_is_told_as_soon_as_a_look_finds_the_backend_down() -> None:
    """Though the job before them still waits for its first piece."""
    patience = replace(QUICK, doubt_after=60.0, probe_first=60.0)
    async with chained(one_place, patience=patience, look=False) as setting:
        setting.servers[0].script = Script(deaf=True)
        first = asyncio.create_task(setting.ask())
        await setting.servers[0].asked("/api/chat")
        second = asyncio.create_task(setting.ask())
        await setting.until(lambda: Stage(Phase.QUEUED) in setting.stages)
        async with setting.chain, asyncio.timeout(10):
            with pytest.raises(NoBackendLeft, match="says nothing of itself"):
                await second
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_capacity_is_the_number_of_free_places() -> None:
    """For a category, on this machine unless the text may leave it."""
    async with chained(plain, cloud) as setting:
        chain = setting.chain
        assert 2 == chain.capacity()
        assert 4 == chain.capacity(Category.COMPLEX, Privacy.CLOUD_ALLOWED)
        setting.servers[0].script = Script("a b", hang_after=1)
        stream = setting.stream()
        await anext(stream)
        assert 1 == chain.capacity()
        await stream.aclose()
        assert 2 == chain.capacity()


async def test_capacity_is_one_when_all_is_down() -> None:
    """A job that fails visibly is better than one that waits unseen."""
    async with chained(plain, patience=SLOW) as setting:
        await setting.servers[0].stop()
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        assert 1 == setting.chain.capacity()
        assert 1 == Chain[ChatModel]("chat", []).capacity()


async def test_the_worker_is_told_when_a_place_is_free_or_a_backend_is_back() -> None:
    """It claims the next job then."""
    async with chained(plain) as setting:
        told = asyncio.Event()
        setting.chain.on_free = told.set
        await setting.ask()
        assert told.is_set()
        await setting.servers[0].stop()
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        told.clear()
        await setting.servers[0].start()
        async with asyncio.timeout(10):
            await told.wait()
        assert [True] == setting.up()


async def test_the_state_tells_how_each_backend_does() -> None:
    """What /status and /healthz show."""
    async with chained(plain, cloud) as setting:
        setting.servers[0].script = Script("one two three four", words_per_second=100)
        await setting.ask()
        first, second = setting.chain.state()
    assert ("a", 2, 2, ("m:latest",)) == (first.name, first.free, first.slots, first.models)
    assert (1, 0) == (first.record.answers, first.record.failures)
    assert first.record.first_ms > 0
    assert 50 < first.record.per_second < 150
    assert (True, "") == (first.health.up, first.health.reason)
    assert first.health.seconds > 0
    assert (0, 0.0) == (second.record.answers, second.record.first_ms)


async def test_the_smallest_context_of_those_who_may_answer_counts() -> None:
    """A conversation that fits there fits everywhere."""
    async with chained(plain, plain) as setting:
        candidates = [Candidate(one.backend) for one in setting.candidates]
        assert 8192 == setting.chain.context(Route())
        assert 0 == Chain("chat", candidates).context(Route())


async def test_a_chain_without_its_run_answers_all_the_same() -> None:
    """Only what is down stays down."""
    async with chained(plain, look=False) as setting:
        assert [Phase.THINKING, "I", " am", " a"] == await heard(setting.chain)
        await setting.servers[0].stop()
        with pytest.raises(NoBackendLeft):
            await setting.ask()
        assert [False] == setting.up()


async def test_the_log_tells_what_a_missing_model_needs(caplog: pytest.LogCaptureFixture) -> None:
    """The people see an answer of the next backend, the operator the command that is missing."""
    async with chained(plain, plain, patience=SLOW) as setting:
        setting.servers[0].models.names = ()
        await setting.ask()
    assert "a is down: model 'm' is missing; run: ollama pull m" in caplog.text


async def test_an_engine_of_our_own_starts_before_it_is_needed() -> None:
    """Where nobody else can answer, the first question need not wait for it."""
    engine = Engine()
    chain: Chain[Any] = Chain("chat", [Candidate(Down()), Candidate(engine)])
    async with chain, asyncio.timeout(5):
        await engine.started.wait()
    assert chain.demonstrates()


async def test_a_demonstration_does_not_take_over_from_who_is_busy() -> None:
    """A question rather waits for a real model than gets a bad answer at once."""
    async with chained(one_place) as setting:
        real = setting.chain._members[0].candidate
        chain: Chain[Any] = Chain("chat", [real, Candidate(Engine())])
        assert 1 == chain.places({Category.DEFAULT: 0})[Category.DEFAULT]
        assert not chain.demonstrates()


@dataclass
class Down:
    """A server that is not there."""

    label: str = "down"

    async def ready(self) -> Ready:
        """Say so."""
        raise BackendUnavailable(self.label, "nobody listens", down=True)


@dataclass
class Engine:
    """An engine of our own, with weights that only demonstrate."""

    label: str = "engine"
    demonstration: bool = True
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        """Be ready for the first question."""
        self.started.set()

    async def ready(self) -> Ready:
        """Need nobody."""
        return Ready(("tiny",))


async def test_who_is_asked_elsewhere_is_looked_at_again_and_again() -> None:
    """Nobody here would notice else that it has fallen."""
    async with chained(one_place, patience=replace(QUICK, watch_every=0.05)) as setting:
        assert [True] == setting.up()
        await setting.servers[0].stop()
        await setting.until(lambda: setting.up() == [False])
        await setting.servers[0].start()
        await setting.until(lambda: setting.up() == [True])
        assert [0] == setting.asked()
