"""People show the bot pictures: over HTTP, with servers that speak the true wires."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from playground.server import Playground
from tests.fakes.moondream import FakeMoondream
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import ollama, running, table
from tests.program.conftest import Make
from tests.program.house import House, final, question
from tests.telegram import Person, Record

CAT = "A cat on a sofa."


def picture(width: int = 64, height: int = 48, form: str = "JPEG") -> bytes:
    """A picture with some colours in it."""
    made = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    out = io.BytesIO()
    made.save(out, form)
    return out.getvalue()


def retold(body: dict[str, Any]) -> str:
    """What the chat model makes of what was seen."""
    system = body["messages"][0]["content"]
    if system.startswith("Translate"):
        return f"In English: {question(body)}"
    if "somebody with good eyes" in system:
        return f"Told: {question(body).splitlines()[1]}"
    return "I was not asked about a picture."


@dataclass(slots=True)
class Gallery:
    """A house with eyes."""

    house: House
    eyes: FakeMoondream

    def asked(self) -> list[str]:
        """What the eyes were asked; a look at whether they are well asks nothing."""
        bodies = [one.body for one in self.eyes.requests if one.body]
        return [str(body.get("question", "")) for body in bodies if "image_url" in body]


@pytest.fixture
async def gallery(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[Gallery]:
    """A program whose eyes see a cat, and whose chat model tells of it."""
    model.script = Script(lambda body: retold(dict(body)))
    async with FakeMoondream(Script(CAT)) as eyes:
        use = "services.backends.moondream_station:MoondreamVision"
        tables = ollama(model.url) + table("vision", use=use, url=f"{eyes.url}/v1", label="Eye")
        async with running(program(tables)) as started:
            house = House(play, model, started)
            yield Gallery(house, eyes)
            await house.put_away()


async def shows(person: Person, body: bytes | None = None, **fields: Any) -> Record:
    """Show a photo."""
    return await person.attach("photo", body or picture(), **fields)


async def answer(person: Person) -> str:
    """The next answer that is complete."""
    return str((await person.wait_reply(lambda m: "text" in m and final(m)))["text"])


async def test_a_photo_is_described(gallery: Gallery) -> None:
    """Without a question it is said what is on it."""
    zoe = await gallery.house.person()
    await shows(zoe)
    assert CAT == await answer(zoe)
    assert [""] == gallery.asked()


async def test_a_caption_is_the_question(gallery: Gallery) -> None:
    """And the answer is part of the conversation."""
    zoe = await gallery.house.person()
    await shows(zoe, caption="What animal is this?")
    assert CAT == await answer(zoe)
    assert ["What animal is this?"] == gallery.asked()
    await zoe.send("Tell me a joke.")
    await answer(zoe)
    turns = gallery.house.model.requests[-1].body["messages"]
    assert ["[picture] What animal is this?", CAT] == [turn["content"] for turn in turns[1:3]]


async def test_eyes_that_know_english_only_are_asked_and_told_in_it(gallery: Gallery) -> None:
    """The person is answered in their own language."""
    zoe = await gallery.house.person(language="uk")
    await shows(zoe, caption="Що це?")
    assert f"Told: {CAT}" == await answer(zoe)
    assert ["In English: Що це?"] == gallery.asked()
    assert "Ukrainian" in gallery.house.model.requests[-1].body["messages"][0]["content"]


async def test_a_question_after_a_picture_is_about_it(gallery: Gallery) -> None:
    """It is looked at again; what is no question is answered as ever."""
    zoe = await gallery.house.person()
    await shows(zoe)
    await answer(zoe)
    gallery.eyes.script.answer = "It is grey."
    await zoe.send("And what colour is it?")
    assert "It is grey." == await answer(zoe)
    assert ["", "And what colour is it?"] == gallery.asked()
    await zoe.send("Thank you, that was all.")
    await answer(zoe)
    assert 2 == len(gallery.asked())


async def test_an_old_photo_is_asked_about_by_a_reply(gallery: Gallery) -> None:
    """To the photo, or to what was said about it."""
    zoe = await gallery.house.person()
    photo = await shows(zoe)
    first = await zoe.wait_reply(lambda m: "text" in m and final(m))
    await zoe.send("Something else.")
    await answer(zoe)
    await zoe.send("How old?", reply_to_message_id=photo["message_id"])
    await answer(zoe)
    await zoe.send("Which breed", reply_to_message_id=first["message_id"])
    await answer(zoe)
    assert ["", "How old?", "Which breed"] == gallery.asked()


async def test_an_album_is_one_answer(gallery: Gallery) -> None:
    """In order, whatever sees one picture at a time."""
    zoe = await gallery.house.person()
    for _ in range(3):
        await shows(zoe, media_group_id="9")
    assert f"Told: [1] {CAT}" == await answer(zoe)
    notes = question(gallery.house.model.requests[-1].body)
    assert f"[1] {CAT}\n\n[2] {CAT}\n\n[3] {CAT}" in notes
    assert 3 == len(gallery.asked())


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"MZ" + bytes(900), "a program"), (b"\x89PNG\r\n\x1a\n" + bytes(50), "damaged")],
)
async def test_what_is_no_picture_is_refused_with_its_reason(
    gallery: Gallery, body: bytes, words: str
) -> None:
    """A file may be called anything."""
    zoe = await gallery.house.person()
    await zoe.attach("document", body, name="cat.png")
    assert words in await answer(zoe)
    assert [] == gallery.asked()


async def test_without_eyes_a_photo_waits_and_writing_goes_on(gallery: Gallery) -> None:
    """Each skill fails on its own."""
    zoe, bob = await gallery.house.person(), await gallery.house.person("Bob")
    await gallery.eyes.stop()
    await shows(zoe)
    await bob.send("Hello")
    await answer(bob)
    await gallery.eyes.start()
    assert CAT == await answer(zoe)
