"""People talk to the bot, and it talks back: over HTTP, with servers that speak the true wires."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.piper_http import FakePiper
from tests.fakes.serving import Request, Script
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.program import ollama, piper, running, whisper
from tests.program.conftest import Make
from tests.program.house import House, buttons, final, spoken
from tests.services.ground import until
from tests.services.recordings import tone
from tests.telegram import Person, Record

ANSWER = "Bees fly with four wings. That is all."
QUESTION = "How do bees fly?"


@dataclass(slots=True)
class Studio:
    """A house with servers that hear and speak."""

    house: House
    ear: FakeWhisperCpp
    mouth: FakePiper

    @property
    def data(self) -> Path:
        """Where the program keeps its files."""
        return self.house.program.folder / "data"

    def heard(self) -> list[Request]:
        """The recordings that the server was given; a look at whether it is well has none."""
        return [one for one in self.ear.to("/inference") if one.body]

    def left(self) -> list[str]:
        """The files that are left of the work."""
        return [one.name for one in (self.data / "work").rglob("*") if one.is_file()]


@pytest.fixture
async def studio(program: Make, play: Playground, model: FakeOllama) -> AsyncIterator[Studio]:
    """A program that hears one question and gives one answer."""
    model.script = Script(ANSWER)
    async with FakeWhisperCpp(Script(QUESTION)) as ear, FakePiper() as mouth:
        tables = ollama(model.url) + whisper(ear.url) + piper(mouth.url)
        async with running(program(tables)) as started:
            house = House(play, model, started)
            yield Studio(house, ear, mouth)
            await house.put_away()


async def says(person: Person, seconds: float = 2.0, **fields: Any) -> Record:
    """Record a voice note."""
    return await person.attach("voice", tone(seconds), duration=int(seconds), **fields)


async def both(person: Person) -> tuple[Record, Record]:
    """The voice message and the text of the next answer."""
    voice = await person.wait_reply(spoken)
    text = await person.wait_reply(lambda m: "text" in m and final(m))
    return voice, text


async def test_a_voice_note_is_answered_aloud_and_in_writing(studio: Studio) -> None:
    """A real voice message, and under it what was heard and the answer, in one message."""
    zoe = await studio.house.person()
    await says(zoe)
    voice, text = await both(zoe)
    assert voice["message_id"] < text["message_id"]
    assert "audio/ogg" == voice["voice"]["mime_type"]
    assert 2 <= voice["voice"]["duration"] <= 4
    assert f"{QUESTION}\n{ANSWER}" == text["text"].replace("\n\n", "\n")
    [quote] = [one for one in text["entities"] if "blockquote" in one["type"]]
    assert (0, len(QUESTION)) == (quote["offset"], quote["length"])
    assert [QUESTION] == studio.house.asked()
    assert [] == studio.left()


async def test_who_writes_is_answered_in_writing(studio: Studio) -> None:
    """Nobody is spoken to who has not spoken, unless they want it."""
    zoe = await studio.house.person()
    await zoe.send("How do bees fly?")
    assert ANSWER == (await zoe.wait_reply(final))["text"]
    assert [] == studio.mouth.spoke
    await zoe.send("/voice")
    menu = await zoe.wait_reply()
    await zoe.press(menu, "Always")
    await zoe.wait_reply(lambda m: "✓ Always" in buttons(m))
    await zoe.send("And now?")
    voice, text = await both(zoe)
    assert ANSWER == text["text"]
    assert 1 < voice["voice"]["duration"]


async def test_a_sample_is_heard_at_once(studio: Studio) -> None:
    """The menu stays where it is."""
    zoe = await studio.house.person()
    await zoe.send("/voice")
    menu = await zoe.wait_reply()
    await zoe.press(menu, "▶ Sample")
    voice = await zoe.wait_reply(spoken)
    assert 2 < voice["voice"]["duration"]


async def test_a_wrong_guess_is_put_right_with_one_button(studio: Studio) -> None:
    """The recording is heard anew, and the answer takes the place of the old one."""
    zoe = await studio.house.person()
    await says(zoe)
    first_voice, first = await both(zoe)
    studio.ear.script.answer = "Як літають бджоли?"
    await zoe.press(first, "It was Ukrainian")
    second = await zoe.wait_reply(lambda m: "Як літають" in m.get("text", "") and final(m))
    assert first["message_id"] == second["message_id"]
    assert "uk" == studio.heard()[-1].body["language"]
    second_voice = await zoe.wait_reply(spoken)
    messages = [one["message_id"] for one in await zoe.replies() if spoken(one)]
    assert [second_voice["message_id"]] == messages
    assert first_voice["message_id"] not in messages


async def test_transcribe_writes_down_and_no_more(studio: Studio) -> None:
    """As a reply, and as a switch for the chat."""
    zoe = await studio.house.person()
    note = await says(zoe)
    await both(zoe)
    await zoe.send("/transcribe", reply_to_message_id=note["message_id"])
    assert QUESTION == (await zoe.wait_reply(lambda m: "text" in m and final(m)))["text"]
    await zoe.send("/transcribe")
    await zoe.wait_reply(lambda m: "From now on" in m.get("text", ""))
    before = len(studio.house.asked())
    await says(zoe)
    assert QUESTION == (await zoe.wait_reply(lambda m: "text" in m and final(m)))["text"]
    assert before == len(studio.house.asked())


async def test_a_group_is_written_down_where_it_wants_that(studio: Studio) -> None:
    """Else what people say to each other is their own."""
    ann, bob = await studio.house.person("Ann"), await studio.house.person("Bob")
    ann = studio.house.there(ann, await studio.house.group(ann, bob))
    await says(ann)
    await ann.send("/transcribe@hearthbot_bot")
    await ann.wait_reply(lambda m: "From now on" in m["text"])
    note = await says(ann)
    transcript = await ann.wait_reply(lambda m: QUESTION in m.get("text", "") and final(m))
    assert note["message_id"] == transcript["reply_to_message"]["message_id"]
    assert 1 == len(studio.heard())


async def test_silence_is_said_to_be_silence(studio: Studio) -> None:
    """Nobody asks a model about it."""
    zoe = await studio.house.person()
    silence = bytearray(tone(2.0))
    silence[44:] = bytes(len(silence) - 44)
    await zoe.attach("voice", bytes(silence), duration=2)
    assert "I heard no words" in (await zoe.wait_reply(lambda m: "text" in m and final(m)))["text"]
    assert [] == studio.house.asked()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"%PDF-1.7 this is a letter", "no recording that I can listen to"),
        (b"OggS\x00\x02" + bytes(40), "damaged"),
    ],
)
async def test_what_is_no_recording_is_refused_with_what_to_do(
    studio: Studio, body: bytes, words: str
) -> None:
    """And others go on undisturbed."""
    zoe, bob = await studio.house.person(), await studio.house.person("Bob")
    await zoe.attach("voice", body, duration=3)
    assert words in (await zoe.wait_reply(lambda m: "text" in m and final(m)))["text"]
    await bob.send("Hello")
    assert ANSWER == (await bob.wait_reply(final))["text"]
    assert [] == studio.left()


async def test_three_hours_are_too_long(studio: Studio) -> None:
    """It says what to do, and fetches nothing."""
    zoe = await studio.house.person()
    await zoe.attach("voice", tone(1.0), duration=3 * 3600)
    said = await zoe.wait_reply(lambda m: "text" in m and final(m))
    assert "up to 120 minutes" in said["text"]
    assert not (await zoe.look("stats"))["methods"].get("getFile")


async def test_without_a_synthesizer_answers_are_written(studio: Studio) -> None:
    """That is said once."""
    zoe = await studio.house.person()
    await studio.mouth.stop()
    await says(zoe)
    first = await zoe.wait_reply(lambda m: ANSWER in m.get("text", "") and final(m))
    assert "I cannot speak at the moment" in first["text"]
    await says(zoe)
    second = await zoe.wait_reply(
        lambda m: (
            ANSWER in m.get("text", "") and final(m) and m["message_id"] != first["message_id"]
        )
    )
    assert "I cannot speak" not in second["text"]
    assert not any(spoken(one) for one in await zoe.replies())


async def test_without_ears_a_voice_note_waits_and_writing_goes_on(studio: Studio) -> None:
    """Each skill fails on its own."""
    zoe, bob = await studio.house.person(), await studio.house.person("Bob")
    await studio.ear.stop()
    await says(zoe)
    await bob.send("Hello")
    assert ANSWER == (await bob.wait_reply(final))["text"]
    await studio.ear.start()
    _, text = await both(zoe)
    assert ANSWER in text["text"]


async def test_a_stop_ends_listening(studio: Studio) -> None:
    """The server is let go of, and nothing stays on the disk."""
    studio.ear.script.first_after = 60.0
    zoe = await studio.house.person()
    await says(zoe)
    await until(lambda: bool(studio.heard()))
    await zoe.send("/stop")
    assert "Stopped." == (await zoe.wait_reply(lambda m: "text" in m and final(m)))["text"]
    [request] = studio.heard()
    async with asyncio.timeout(10):
        await request.left.wait()
    assert [] == studio.left()


async def test_who_forbids_voice_messages_gets_the_text(studio: Studio) -> None:
    """Telegram says so when one is sent; the answer is there all the same."""
    zoe = await studio.house.person()
    await zoe.act("options", forbid_voice=[zoe.user_id])
    await says(zoe)
    text = await zoe.wait_reply(lambda m: ANSWER in m.get("text", "") and final(m))
    assert QUESTION in text["text"]
    assert not any(spoken(one) for one in await zoe.replies())


@pytest.mark.parametrize("moment", ["hearing", "answering", "speaking"])
async def test_a_kill_at_any_stage_loses_nothing_and_says_nothing_twice(
    studio: Studio, moment: str
) -> None:
    """The next start goes on where it was."""
    busy = {
        "hearing": studio.ear.script,
        "answering": studio.house.model.script,
        "speaking": studio.mouth.script,
    }[moment]
    server = {"hearing": studio.ear, "answering": studio.house.model, "speaking": studio.mouth}
    path = {"hearing": "/inference", "answering": "/api/chat", "speaking": "/synthesize"}[moment]
    busy.first_after = 5.0
    zoe = await studio.house.person()
    await says(zoe)
    await until(lambda: any(one.body for one in server[moment].to(path)))
    await studio.house.program.kill()
    busy.first_after = 0.0
    await studio.house.program.start_polling()
    await both(zoe)
    replies = await zoe.replies()
    assert 1 == sum(spoken(one) for one in replies)
    assert 1 == sum(ANSWER in one.get("text", "") for one in replies)
    heard = len(studio.heard())
    assert (2 if moment == "hearing" else 1) == heard
    assert [] == studio.left()
