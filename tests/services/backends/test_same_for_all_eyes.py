"""What every backend that sees does, whoever stands behind it."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BackendRejected, BackendUnavailable
from domain.pictures import Picture
from domain.routes import Category, Route
from services.backends.moondream_station import MoondreamVision
from services.backends.ollama import OllamaVision
from services.backends.openai_compatible import OpenAIVision
from services.candidates import Candidate
from services.chain import Chain
from services.skills import ChatOptions, Usage, VisionModel
from services.wire import Wire
from tests.fakes.moondream import FakeMoondream
from tests.fakes.ollama import FakeOllama, Models
from tests.fakes.openai import FakeOpenAI, Flavour
from tests.fakes.serving import Fake, Script, pieces_of
from tests.services.backends.sights import picture, seen
from tests.services.chained import QUICK

KINDS = ["moondream", "ollama", *(one for one in Flavour if one is not Flavour.MLX)]
CAT = "A cat on a sofa."


@dataclass(frozen=True, slots=True)
class Served:
    """A backend that sees one picture at a time, and the server behind it."""

    backend: MoondreamVision | OllamaVision | OpenAIVision
    fake: Fake


@pytest.fixture(params=KINDS, ids=str)
async def served(request: pytest.FixtureRequest, wire: Wire) -> AsyncIterator[Served]:
    """Each kind of server in turn."""
    async with AsyncExitStack() as stack:
        yield await begin(request.param, wire, stack)


async def begin(kind: str, wire: Wire, stack: AsyncExitStack) -> Served:
    """A server of this kind, whose model sees cats."""
    if kind == "moondream":
        station = await stack.enter_async_context(FakeMoondream(Script(CAT)))
        return Served(MoondreamVision(wire, f"{station.url}/v1"), station)
    if kind == "ollama":
        ollama = await stack.enter_async_context(FakeOllama(Script(CAT), Models(("moondream",))))
        return Served(OllamaVision(wire, ollama.url), ollama)
    openai = FakeOpenAI(Script(CAT), Flavour(kind))
    await stack.enter_async_context(openai)
    return Served(OpenAIVision(wire, openai.base, "tiny", at_once=1), openai)


def asked(body: Any) -> tuple[str, bytes]:
    """The question and the picture that a server was sent, in whichever words."""
    match body:
        case {"image_url": image, "question": question}:
            pass
        case {"messages": [{"content": [{"text": question}, {"image_url": {"url": image}}]}]}:
            pass
        case {"messages": [{"content": question, "images": [image]}]}:
            pass
        case _:
            return "", b""
    return question, b64decode(image.rpartition(",")[2], validate=True)


def questions(served: Served) -> list[tuple[str, bytes]]:
    """All questions about pictures that came in."""
    return [found for one in served.fake.requests if (found := asked(one.body))[1]]


async def test_the_question_and_the_picture_arrive_as_they_are(
    served: Served, tmp_path: Path
) -> None:
    """In any script, and to the last byte."""
    one = picture(tmp_path, size=500_000)
    question = 'Що це? "🙂"\n\u2028'
    assert pieces_of(CAT) == await seen(served.backend, [one], question)
    assert [(question, one.path.read_bytes())] == questions(served)


async def test_an_album_is_looked_at_in_its_order(served: Served, tmp_path: Path) -> None:
    """The answers are numbered as the pictures are, and each piece is one of them."""
    album = [picture(tmp_path, name) for name in "cab"]
    served.fake.script.answer = lambda body: f"It ends in {asked(body)[1][4:5].decode()}."
    told = await seen(served.backend, album, "Which?")
    expected = ["[1] It ends in c.", "\n\n[2] It ends in a.", "\n\n[3] It ends in b."]
    assert expected == told
    assert [("Which?", one.path.read_bytes()) for one in album] == questions(served)


async def test_what_it_cost_is_told_once(served: Served, tmp_path: Path) -> None:
    """For a picture and for an album, before the end."""
    for names in ("a", "abc"):
        told: list[Usage] = []
        album = [picture(tmp_path, name) for name in names]
        await seen(served.backend, album, "Who?", ChatOptions(usage=told.append))
        assert [5 * len(names)] == [one.written for one in told]


async def test_a_stream_that_is_left_frees_the_server(served: Served, tmp_path: Path) -> None:
    """Whoever stops it does not keep the only place."""
    served.fake.script = replace(served.fake.script, hang_after=1)
    async with asyncio.timeout(20):
        pieces = served.backend.look([picture(tmp_path)], "?", ChatOptions())
        async with aclosing(pieces):
            assert "A" == await anext(pieces)
        await served.fake.requests[-1].left.wait()
        served.fake.script = Script(CAT)
        assert CAT == "".join(await seen(served.backend, [picture(tmp_path)]))


async def test_an_album_that_is_left_frees_the_server(served: Served, tmp_path: Path) -> None:
    """Also while nothing has been said yet."""
    served.fake.script = replace(served.fake.script, hang_after=1)
    album = [picture(tmp_path, name) for name in "ab"]
    looking = asyncio.create_task(seen(served.backend, album), name="a look that is stopped")
    async with asyncio.timeout(20):
        while not questions(served):
            async with served.fake.came:
                await served.fake.came.wait()
        looking.cancel()
        await asyncio.wait({looking})
        await served.fake.requests[-1].left.wait()
    assert 1 == len(questions(served))


async def test_several_may_ask_at_once(served: Served, tmp_path: Path) -> None:
    """Answers do not mix."""
    served.fake.script.answer = lambda body: f"It ends in {asked(body)[1][4:5].decode()}."
    album = [picture(tmp_path, name) for name in "abcd"]
    answers = await asyncio.gather(*(seen(served.backend, [one]) for one in album))
    assert [f"It ends in {name}." for name in "abcd"] == ["".join(one) for one in answers]


async def test_a_picture_that_is_gone_is_no_fault_of_the_server(
    served: Served, tmp_path: Path
) -> None:
    """It is ours, so it is raised as what it is, and nothing is sent."""
    one = picture(tmp_path)
    one.path.unlink()
    with pytest.raises(FileNotFoundError):
        await seen(served.backend, [one])
    assert [] == questions(served)


async def test_too_much_is_refused_before_it_is_sent(served: Served, tmp_path: Path) -> None:
    """A limit of ours; the next server is not asked either."""
    with pytest.raises(BackendRejected, match="15728640 may be sent"):
        await seen(served.backend, [picture(tmp_path, size=(15 << 20) + 1)])
    assert [] == questions(served)


async def test_it_is_ready_and_named(served: Served) -> None:
    """For the operator."""
    await served.backend.ready()
    assert "127.0.0.1" in served.backend.label
    assert isinstance(served.backend.english_only, bool)


async def test_the_next_backend_looks_where_one_cannot(
    served: Served, wire: Wire, tmp_path: Path
) -> None:
    """mlx_lm takes text only; nobody notices but the operator."""

    def look(pictures: Sequence[Picture], backend: VisionModel) -> AsyncIterator[str]:
        return backend.look(pictures, "What is it?", ChatOptions())

    async with FakeOpenAI(flavour=Flavour.MLX) as blind:
        backends: list[VisionModel] = [OpenAIVision(wire, blind.base, "tiny"), served.backend]
        both = [Candidate(one) for one in backends]
        async with Chain("vision", both, QUICK) as chain:
            album = [picture(tmp_path)]
            pieces = chain.stream(Route(Category.VISION), lambda one: look(album, one))
            async with aclosing(pieces):
                assert pieces_of(CAT) == [piece async for piece in pieces]
            assert 1 == len(blind.to("/v1/chat/completions"))
            assert [False, True] == [one.health.up for one in chain.state()]


async def test_nobody_there_is_unavailable(served: Served, tmp_path: Path) -> None:
    """As for every skill."""
    await served.fake.stop()
    with pytest.raises(BackendUnavailable) as caught:
        await seen(served.backend, [picture(tmp_path)])
    assert caught.value.down
