"""Passages are found by what they mean, as far as a model has read them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from domain.documents import Document, Page
from services.backends.ollama import OllamaEmbedder
from services.candidates import Candidate
from services.chain import Chain
from services.reading.meaning import BATCH, Meanings
from services.skills import Embedder
from services.tasks import Answer
from services.wire import Wire
from tests.fakes.ollama import BUSY, FakeOllama, Models
from tests.fakes.serving import Request, Script
from tests.services.chained import QUICK
from tests.services.ground import until
from tests.services.reading.study import Study, is_about, pages_of, within

QUEEN = "Queen Mab was crowned in the orchard."
ASKED = "Coronation?"


def diary(pages: int = 60, *, at: int = 40) -> list[Page]:
    """A page a passage, one of which tells of the queen."""
    days = (f"Day {number}. The weather was fair." for number in range(1, pages + 1))
    return pages_of(f"{QUEEN} {day}" if number == at else day for number, day in enumerate(days, 1))


def reader(body: Mapping[str, Any]) -> str:
    """A model that knows no other words to look for."""
    return "Quarks" if is_about(body, "Somebody asks") else "In the orchard (p. 40)."


class Moody(FakeOllama):
    """Has a will of its own about batches: they wait until they `may`, or are `refused`."""

    def __init__(self, model: str = "bge-m3") -> None:
        super().__init__(models=Models((model,)))
        self.may = asyncio.Event()
        self.may.set()
        self.refused = False

    async def _embed(self, request: web.Request, noted: Request) -> web.Response:
        if len(noted.body["input"]) > 1:
            await self.may.wait()
            if self.refused:
                return web.json_response({"error": BUSY}, status=503)
        return await super()._embed(request, noted)


@dataclass(slots=True)
class Seer:
    """Who knows what texts mean, and the server that is asked first."""

    meanings: Meanings
    server: Moody

    def asked(self) -> list[Request]:
        """What it was asked for."""
        return self.server.to("/api/embed")

    def sizes(self) -> list[int]:
        """How many texts it got at a time."""
        return [len(one.body["input"]) for one in self.asked()]

    async def pages(self, document: Document, question: str = ASKED, limit: int = 3) -> list[int]:
        """The pages of what is nearest."""
        found = await self.meanings.nearest(document.id, question, limit)
        return [one.page for one in found]


@asynccontextmanager
async def seeing(study: Study, wire: Wire, *models: str) -> AsyncIterator[Seer]:
    """Somebody who sees with servers of these models while the block runs."""
    async with AsyncExitStack() as stack:
        servers = [Moody(one) for one in models]
        for server in servers:
            await stack.enter_async_context(server)
        backends: list[Embedder] = [
            OllamaEmbedder(wire, server.url, model, label=model)
            for server, model in zip(servers, models, strict=True)
        ]
        chain = Chain("embed", [Candidate(one) for one in backends], QUICK)
        await stack.enter_async_context(chain)
        await until(lambda: all(one.models for one in chain.state()))
        meanings = Meanings(study.documents, chain, seconds=10.0)
        await stack.enter_async_context(aclosing(meanings))
        yield Seer(meanings, servers[0])


@pytest.fixture
async def seer(study: Study, wire: Wire) -> AsyncIterator[Seer]:
    """Somebody with all the time in the world."""
    async with seeing(study, wire, "bge-m3") as seer:
        yield seer


async def missing(study: Study, document: Document, model: str = "bge-m3") -> Sequence[int]:
    """The pages of passages without a vector."""
    found = await study.documents.without_vectors(document.id, model, 10_000)
    return [one.page for one in found]


async def test_a_passage_is_found_without_a_word_in_common(study: Study, seer: Seer) -> None:
    """The first question has the document read, in batches; the next ones find it read."""
    document = await study.shelved(diary())
    assert 40 == (await seer.pages(document))[0]
    assert [1, BATCH, 60 - BATCH] == seer.sizes()
    assert 40 == (await seer.pages(document, "Enthroned?"))[0]
    assert [1] == seer.sizes()[3:]


async def test_a_question_about_a_document_finds_what_it_means(study: Study, seer: Seer) -> None:
    """The model reads a passage that no word of the question leads to."""
    document = await study.shelved(diary(400))
    study.model.script = Script(reader)
    for meaning, finds in ((None, False), (seer.meanings, True)):
        study.meaning = meaning
        job = await study.ground.begun(
            study.ground.talk.says(ASKED), task="ask_document", lane=f"lane {finds}"
        )
        await study.documents.choose(job.lane, document.id)
        async with aclosing(study.ask.run(job)) as steps:
            *_, end = [step async for step in steps]
        assert isinstance(end, Answer)
        assert end.reply
        assert finds == (QUEEN in within(study.asked("You are Hearthbot.")[-1].body))
        assert finds == ("(p. 40)" in end.reply.text)


async def test_a_long_document_is_read_bit_by_bit(study: Study, seer: Seer) -> None:
    """Each question has so much read, and finds what was read so far."""
    document = await study.shelved(diary())
    seer.meanings.most = BATCH
    assert 40 not in await seer.pages(document, limit=60)
    assert list(range(BATCH + 1, 61)) == await missing(study, document)
    assert 40 == (await seer.pages(document))[0]
    assert [] == await missing(study, document)


async def test_a_question_does_not_wait_for_long(study: Study, seer: Seer) -> None:
    """A model that is being loaded goes on with that, and serves the next question."""
    document = await study.shelved(diary())
    seer.server.models.load_seconds = 0.5
    seer.meanings.seconds = 0.05
    assert [] == await seer.pages(document)
    await until(lambda: "bge-m3:latest" in seer.server.models.loaded)
    seer.meanings.seconds = 10.0
    assert 40 == (await seer.pages(document))[0]
    assert not any(one.left.is_set() for one in seer.asked())


async def test_reading_goes_on_without_its_question(study: Study, seer: Seer) -> None:
    """Once for all who ask about the same document."""
    document = await study.shelved(diary())
    seer.server.may.clear()
    seer.meanings.seconds = 1.0
    assert ([], []) == tuple(await asyncio.gather(*(seer.pages(document) for _ in range(2))))
    seer.server.may.set()
    seer.meanings.seconds = 10.0
    assert 40 == (await seer.pages(document))[0]
    assert [1, 1, 1, 60 - BATCH, BATCH] == sorted(seer.sizes())


async def test_where_no_model_is_up_nothing_is_found(study: Study, seer: Seer) -> None:
    """At once: words are looked for all the same."""
    document = await study.shelved(diary())
    await seer.server.stop()
    assert [] == await seer.pages(document)
    study.meaning = seer.meanings
    found = await study.answers.finder.find(document.id, "orchard")
    assert [40] == [one.page for one in found.passages]


async def test_a_server_that_fails_on_the_way_costs_the_rest(study: Study, seer: Seer) -> None:
    """What was made before is stored and found; the next question goes on."""
    document = await study.shelved(diary(at=5))
    seer.meanings.most = BATCH
    await seer.pages(document)
    seer.server.script.status = 400
    assert [] == await seer.pages(document)
    seer.server.script.status = 200
    assert 5 == (await seer.pages(document))[0]
    assert [] == await missing(study, document)


async def test_vectors_of_another_model_are_made_anew(study: Study, wire: Wire) -> None:
    """They cannot be compared."""
    document = await study.shelved(diary())
    async with seeing(study, wire, "bge-m3") as first:
        await first.pages(document)
    async with seeing(study, wire, "nomic-embed-text") as second:
        assert 40 == (await second.pages(document))[0]
        assert [1, BATCH, 60 - BATCH] == second.sizes()
    assert 60 == len(await missing(study, document))


async def test_a_stand_in_with_another_model_reads_nothing(study: Study, wire: Wire) -> None:
    """Its vectors would not be found by the question, which went to the first."""
    document = await study.shelved(diary())
    async with seeing(study, wire, "bge-m3", "nomic-embed-text") as seer:
        seer.server.refused = True
        assert [] == await seer.pages(document)
    for model in ("bge-m3", "nomic-embed-text"):
        assert 60 == len(await missing(study, document, model))


async def test_who_closes_waits_for_nobody(study: Study, wire: Wire) -> None:
    """What goes on without a question ends."""
    document = await study.shelved(diary())
    async with seeing(study, wire, "bge-m3") as seer:
        seer.server.models.load_seconds = 60.0
        seer.meanings.seconds = 0.05
        assert [] == await seer.pages(document)
        request = await seer.server.asked("/api/embed")
        await seer.meanings.aclose()
        await until(request.left.is_set)
