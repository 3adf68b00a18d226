"""A page is fetched, opened and read as a document is; what is in the way is said."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Broken, NotAllowed, Refused, TooBig
from domain.jobs import Job
from domain.messages import Attachment, Kind, Quote
from services.budget import Budget
from services.chain import Chain
from services.files import Workrooms
from services.links import Links
from services.opening.opener import Opener
from services.reading.scans import Scans
from services.reading.taking import Read
from services.skills import VisionModel
from services.tasks import Onward, Step
from services.visits import Visits
from services.words import Voice
from storage.documents import Documents
from storage.ledger import Ledger
from tests.fakes.raw import RawServer, Talk, refusing
from tests.services.ground import Ground
from tests.services.test_visits import at, going, visits

PAGE = b"<html><title>Bees</title><body><p>Bees fly to the lime trees.</p></body></html>"


class Telegram:
    """Has one file."""

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Write it down."""
        assert "F1" == attachment.ref, voice("Stopped.")
        file = into / "file"
        file.write_bytes(PAGE)
        return file


class Reader:
    """Reads what links lead to."""

    def __init__(self, ground: Ground, folder: Path, opener: Opener) -> None:
        self.ground = ground
        self.folder = folder
        self.opener = opener
        self.documents = Documents(ground.database, ground.clock)

    async def job(self, address: str, ref: str = "") -> Job:
        """Somebody replies to a link."""
        said = self.ground.talk.says("")
        page = Attachment(Kind.DOCUMENT, ref or address, "", 0, name="/bees")
        about = Quote(77, address, ours=False)
        return await self.ground.begun(
            replace(said, attachments=(page,), about=about), pool="read", task="read"
        )

    async def read(self, job: Job, visits: Visits | None) -> list[Step]:
        """All that comes of it; nothing stays of the page."""
        chain: Chain[VisionModel] = Chain("vision", [])
        read = Read(
            Links(Telegram(), visits),
            Workrooms(self.folder),
            self.opener,
            Scans(chain, self.opener),
            self.documents,
            Budget(Ledger(self.ground.database), {}, time.time),
            self.ground.words,
        )
        try:
            async with aclosing(read.run(job)) as steps:
                return [step async for step in steps]
        finally:
            assert [] == list(self.folder.glob("*"))

    async def refusal(self, talk: Talk, visits: Visits | None) -> Refused:
        """Why a page of a server is not read."""
        async with RawServer(talk) as server:
            job = await self.job(at(server, "/bees"))
            with pytest.raises(Refused) as raised:
                await self.read(job, visits)
            if visits is None:
                assert [] == server.callers
        return raised.value


@pytest.fixture
async def reader(ground: Ground, tmp_path: Path) -> AsyncIterator[Reader]:
    """A reader with an opener of its own."""
    async with aclosing(Opener(slots=1)) as opener:
        yield Reader(ground, tmp_path / "work", opener)


async def test_a_page_is_read_and_found_by_its_message(reader: Reader) -> None:
    """Its name is its address; a second time it is not fetched again."""
    async with RawServer(refusing(200, PAGE, b"image/png")) as server:
        job = await reader.job(at(server, "/bees"))
        for _ in range(2):
            *_, end = await reader.read(job, visits())
            assert isinstance(end, Onward)
            assert "summarise" == end.task
        assert 1 == len(server.callers)
    document = await reader.documents.find(job.payload.place.chat, 77)
    assert document
    assert "page.example/bees" == document.name
    [page] = await reader.documents.pages(document.id, 1, 9)
    assert "Bees fly to the lime trees." in page.text


async def test_what_is_no_link_is_brought_by_others(reader: Reader) -> None:
    """Whether links are allowed or not."""
    job = await reader.job("", ref="F1")
    *_, end = await reader.read(job, None)
    assert isinstance(end, Onward)


async def test_links_are_opened_only_where_the_owner_allows_it(reader: Reader) -> None:
    """Nobody is asked for anything."""
    error = await reader.refusal(refusing(200, PAGE), None)
    assert isinstance(error, NotAllowed)
    assert "not allowed me to open links" in str(error)


@pytest.mark.parametrize(
    ("talk", "kind", "words"),
    [
        (going("http://10.0.0.1/"), NotAllowed, "not on the public internet"),
        (going("/"), Broken, "on and on"),
        (refusing(404, b""), Broken, "(it says 404)"),
        (refusing(200, bytes(3 << 20)), TooBig, "up to 2 MB"),
        (refusing(200, b"MZ\x90\x00" + bytes(200)), Refused, "a program"),
    ],
)
async def test_what_is_in_the_way_is_said(
    reader: Reader, talk: Talk, kind: type[Refused], words: str
) -> None:
    """In the person's words, at once: to try again would not help."""
    visit = visits(["127.0.0.1"], ["10.0.0.1"]) if "public" in words else visits()
    error = await reader.refusal(talk, replace(visit, most=2 << 20))
    assert isinstance(error, kind)
    assert words in str(error)


async def test_a_page_that_cannot_be_reached_is_given_up(reader: Reader) -> None:
    """People can look at their link; a queue cannot."""
    async with RawServer(refusing(200, PAGE)) as server:
        gone = at(server)
    with pytest.raises(Broken, match="could not be reached"):
        await reader.read(await reader.job(gone), visits())
