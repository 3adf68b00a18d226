"""People send the bot documents: over HTTP, opened and read for real."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import ollama, running, table
from tests.program.conftest import Make
from tests.program.house import House, buttons, final
from tests.services.ground import until
from tests.services.opening.office import word
from tests.services.opening.papers import (
    ENGLISH,
    RUSSIAN,
    SERIF,
    lines,
    locked,
    paper,
    russian,
    scan,
)
from tests.telegram import Person, Record


def reader(body: Mapping[str, Any]) -> str:
    """A model that says what it was given to read, by which pages it was from."""
    told = "\n".join(str(turn["content"]) for turn in body["messages"])
    pages = sorted({int(number) for number in re.findall(r"\[\w+\.? (\d+)", told)})
    cited = " ".join(f"[p. {number}]" for number in pages[:4])
    if "Take notes" in told:
        return f"Noted {cited}"
    return f"It says something {cited}." if pages else "I was not given a document."


@dataclass(slots=True)
class Library:
    """A house whose model reads, and a folder for papers."""

    house: House
    folder: Path

    def told(self, number: int = -1) -> str:
        """All that the model was told."""
        asked = self.house.model.to("/api/chat")[number].body["messages"]
        return "\n".join(str(turn["content"]) for turn in asked)

    def left(self) -> list[str]:
        """The files that are left of the work."""
        work = self.house.program.folder / "data" / "work"
        return [one.name for one in work.rglob("*") if one.is_file()]


OCR = """
[[vision]]
use = "services.backends.embedded_ocr:EmbeddedOcrVision"
label = "Glasses"
slots = 2
[quota.vision]
pages_per_day = 5
"""


@pytest.fixture
async def reading_room(
    program: Make, play: Playground, model: FakeOllama, tmp_path: Path
) -> AsyncIterator[Library]:
    """The same with somebody who reads scans, five pages a day."""
    model.script = Script(reader)
    papers = tmp_path / "papers"
    papers.mkdir()
    async with running(program(ollama(model.url) + OCR)) as started:
        house = House(play, model, started)
        yield Library(house, papers)
        await house.put_away()


@pytest.fixture
async def library(
    program: Make, play: Playground, model: FakeOllama, tmp_path: Path
) -> AsyncIterator[Library]:
    """A program with one model that reads."""
    model.script = Script(reader)
    papers = tmp_path / "papers"
    papers.mkdir()
    async with running(program(ollama(model.url))) as started:
        house = House(play, model, started)
        yield Library(house, papers)
        await house.put_away()


async def sends(person: Person, file: Path, **fields: Any) -> Record:
    """Send a document."""
    return await person.attach("document", file, **fields)


async def answer(person: Person) -> Record:
    """The next answer that is complete."""
    return await person.wait_reply(lambda m: "text" in m and final(m), timeout=30)


def letter(folder: Path, pages: int = 2) -> Path:
    """A PDF with a text layer."""
    texts = [lines([f"This is page {number} of the letter.", "The rent is due on Monday."])
             for number in range(1, pages + 1)]  # fmt: skip
    return paper(folder / "letter.pdf", texts)


async def test_a_document_is_summarised_with_its_pages(library: Library) -> None:
    """The model reads all of a short one; what it cites is shown as people cite."""
    zoe = await library.house.person()
    await sends(zoe, letter(library.folder))
    said = await answer(zoe)
    assert "It says something (p. 1) (p. 2)." == said["text"]
    assert ["Short", "Full", "Bullet points"] == buttons(said)
    assert "This is page 2 of the letter." in library.told()
    assert [] == library.left()


async def test_a_question_is_answered_from_the_document(library: Library) -> None:
    """In the caption, by a reply, and while it is what the chat is about."""
    zoe = await library.house.person()
    sent = await sends(zoe, letter(library.folder), caption="When is the rent due?")
    assert "(p. 1)" in (await answer(zoe))["text"]
    assert "When is the rent due?" in library.told()
    await zoe.send("And how much?")
    await zoe.wait_reply(lambda m: "It says something" in m.get("text", "") and final(m))
    assert "And how much?" in library.told()
    assert "The rent is due on Monday." in library.told()
    await zoe.send("/new")
    await zoe.wait_reply(lambda m: "new conversation" in m["text"])
    await zoe.send("Hello")
    assert "I was not given a document." == (await answer(zoe))["text"]
    await zoe.send("Who wrote it?", reply_to_message_id=sent["message_id"])
    await zoe.wait_reply(lambda m: "It says something" in m.get("text", "") and final(m))
    assert "Who wrote it?" in library.told()


async def test_a_button_gives_another_length_without_reading_again(library: Library) -> None:
    """The summary takes the place of the old one."""
    zoe = await library.house.person()
    await sends(zoe, letter(library.folder))
    first = await answer(zoe)
    library.house.model.script.answer = "- One [p. 1]\n- Two [p. 2]"
    await zoe.press(first, "Bullet points")
    second = await zoe.wait_reply(lambda m: "Two" in m.get("text", ""))
    assert first["message_id"] == second["message_id"]
    assert 1 == (await zoe.look("stats"))["methods"]["getFile"]["200"]


async def test_other_documents_are_read_too(library: Library) -> None:
    """By what they are, not by what they are called."""
    zoe = await library.house.person()
    await sends(zoe, word(library.folder / "letter.docx").rename(library.folder / "letter.bin"))
    assert "It says something" in (await answer(zoe))["text"]


async def test_a_locked_document_is_opened_with_its_password(library: Library) -> None:
    """A wrong one is said to be wrong; the right one is never given to a model."""
    zoe = await library.house.person()
    await sends(zoe, locked(library.folder / "locked.pdf", "swordfish"))
    assert "password" in (await answer(zoe))["text"]
    await zoe.send("herring")
    assert "does not open" in (await answer(zoe))["text"]
    await zoe.send("swordfish")
    await zoe.wait_reply(lambda m: "It says something" in m.get("text", "") and final(m))
    said = str([one.body for one in library.house.model.to("/api/chat")])
    assert "swordfish" not in said
    assert "swordfish" not in library.house.program.log.read_text()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"MZ\x90\x00" + bytes(200), "a program"),
        (b"PK\x03\x04" + bytes(60), "damaged"),
        (b"%PDF-1.7\n" + bytes(100), "damaged"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_reason(
    library: Library, body: bytes, words: str
) -> None:
    """And others go on undisturbed."""
    zoe = await library.house.person()
    await zoe.attach("document", body, name="letter.pdf")
    assert words in (await answer(zoe))["text"]
    assert [] == library.left()


async def test_documents_are_listed_opened_and_deleted(library: Library) -> None:
    """Each person's own."""
    zoe = await library.house.person()
    await sends(zoe, letter(library.folder))
    await answer(zoe)
    await zoe.send("/documents")
    menu = await zoe.wait_reply(lambda m: "Which document" in m["text"])
    assert ["✓ letter.pdf", "Delete", "Talk about something else"] == buttons(menu)
    await zoe.press(menu, "Talk about something else")
    menu = await zoe.wait_reply(lambda m: buttons(m) == ["letter.pdf", "Delete"])
    await zoe.press(menu, "letter.pdf")
    menu = await zoe.wait_reply(lambda m: "✓ letter.pdf" in buttons(m))
    await zoe.press(menu, "Delete")
    await zoe.wait_reply(lambda m: "no documents here" in m["text"])


@pytest.mark.engine
async def test_a_scan_is_read_page_by_page(reading_room: Library) -> None:
    """In both alphabets, beside pages that have a text of their own."""
    zoe = await reading_room.house.person()
    pages = [scan(ENGLISH), lines(["This page has a text of its own."]), scan(RUSSIAN)]
    await sends(zoe, paper(reading_room.folder / "mixed.pdf", pages))
    said = await zoe.wait_reply(lambda m: "text" in m and final(m), timeout=60)
    assert "(p. 1) (p. 2) (p. 3)" in said["text"]
    told = reading_room.told()
    assert "The rent is paid in advance" in told
    assert "Договор аренды начинается первого июня" in told
    assert "This page has a text of its own." in told
    assert [] == reading_room.left()


@pytest.mark.engine
async def test_a_photo_of_a_text_is_read_where_nobody_sees(reading_room: Library) -> None:
    """And it is said what it takes to see more."""
    zoe = await reading_room.house.person()
    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.truetype(str(SERIF), 36)
    ImageDraw.Draw(image).text((40, 60), "The water is off on Friday.", fill="black", font=font)
    out = io.BytesIO()
    image.save(out, "JPEG")
    await zoe.attach("photo", out.getvalue())
    said = await zoe.wait_reply(lambda m: "text" in m and final(m), timeout=60)
    assert said["text"].startswith("The water is off on Friday.")
    assert "ollama pull moondream" in said["text"]


@pytest.mark.engine
async def test_a_day_has_only_so_many_pages(reading_room: Library) -> None:
    """What was read counts, and what is too much is not begun."""
    zoe = await reading_room.house.person()
    await sends(zoe, letter(reading_room.folder, 3))
    await answer(zoe)
    (reading_room.folder / "more").mkdir()
    await sends(zoe, letter(reading_room.folder / "more", 3))
    assert "left today: 2 pages" in (await answer(zoe))["text"]


async def test_a_scan_that_nobody_can_read_is_said_to_be_one(library: Library) -> None:
    """Nothing is made up about it."""
    zoe = await library.house.person()
    await sends(zoe, paper(library.folder / "scan.pdf", [scan(["Nobody sees this."])]))
    assert "I found no text in this document" in (await answer(zoe))["text"]


async def test_a_russian_document_is_cited_in_russian(library: Library) -> None:
    """The person's language, whatever the document's."""
    zoe = await library.house.person(language="ru")
    await sends(zoe, paper(library.folder / "p.pdf", [russian(["Договор аренды квартиры."])]))
    assert "(с. 1)" in (await answer(zoe))["text"]
    assert "Договор аренды" in library.told()


@pytest.mark.parametrize(
    ("more", "words"),
    [("", "not allowed me"), ("\n[documents]\nfetch_links = true\n", "not on the public internet")],
)
async def test_a_link_is_opened_where_the_owner_allows_it_and_it_leads_outside(
    program: Make, play: Playground, model: FakeOllama, more: str, words: str
) -> None:
    """The model is not asked; nobody within is, either."""
    async with running(program(ollama(model.url) + more)) as started:
        house = House(play, model, started)
        zoe = await house.person()
        await zoe.send("/summarize http://127.0.0.1/status")
        assert words in (await answer(zoe))["text"]
        assert [] == [one for one in model.to("/api/chat") if one.body.get("messages")]
        assert "127.0.0.1/status" not in started.log.read_text()
        await house.put_away()


async def test_a_kill_in_the_middle_loses_nothing_and_says_nothing_twice(
    library: Library,
) -> None:
    """Three hundred pages, killed twice on the way: one summary at the end."""
    zoe = await library.house.person()
    model, program = library.house.model, library.house.program
    model.script.words_per_second = 40
    await sends(zoe, letter(library.folder, 300))
    for asked in (2, 6):
        await until(lambda asked=asked: len(model.to("/api/chat")) >= asked, 60)  # type: ignore[misc]
        await program.kill()
        await program.start_polling()
    said = await zoe.wait_reply(
        lambda m: "It says something" in m.get("text", "") and final(m), timeout=90
    )
    replies = [one for one in await zoe.replies() if "It says something" in one.get("text", "")]
    assert [said["message_id"]] == [one["message_id"] for one in replies]
    assert [] == library.left()


async def test_a_question_finds_what_it_means(
    program: Make, play: Playground, model: FakeOllama, tmp_path: Path
) -> None:
    """With an embedding model, no word of the question has to stand in the document."""
    model.models.names += ("bge-m3",)
    model.script = Script(lambda body: reader(body) if "[p" in str(body) else "quarks")
    use = "services.backends.ollama:OllamaEmbedder"
    tables = ollama(model.url) + table("embed", use=use, url=model.url, label="Meaning")
    days = [f"Day {number} of the diary: the weather was fair." for number in range(600)]
    days[450] = "Queen Mab was crowned in the orchard."
    diary = tmp_path / "diary.txt"
    diary.write_text("\n\n".join(days))
    async with running(program(tables)) as started:
        house = House(play, model, started)
        zoe = await house.person()
        await sends(zoe, diary)
        await answer(zoe)
        await zoe.send("Coronation?")
        await answer(zoe)
        told = str(model.to("/api/chat")[-1].body["messages"])
        assert days[450] in told
        await zoe.send("/status")
        assert "Meaning — 1 of 1 places free" in (await answer(zoe))["text"]
        await house.put_away()
