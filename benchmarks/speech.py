"""How soon an answer can be heard after its last word: read aloud while it is written.

The model writes fifteen words a second, and the synthesizer takes a fifth of a second for a second
of sound, in which it says three words. The baseline has the same text and the same synthesizer,
but speaks when all is written: one request, one run of ffmpeg, one upload.
"""

from __future__ import annotations

import asyncio
import time
from asyncio.subprocess import PIPE
from dataclasses import dataclass

import aiohttp

from benchmarks.answers import ANSWERS
from benchmarks.children import TOKEN, server
from benchmarks.figures import NAIVE, OURS, Claim, median, share
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import Record, finals
from services.sound.ffmpeg import find

CLAIMS = tuple(
    claim
    for words in ANSWERS
    for claim in (
        Claim(f"last word to voice message, {words} words", f"voice {words}", median, "s", 0.4),
        Claim("the same, nine of ten within", f"voice {words}", share(90), "s"),
        Claim("last word to whole text under it", f"text {words}", median, "s"),
    )
)
ROUNDS = 3
WORDS_PER_SECOND, REALTIME = 15.0, 0.2
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class _Studio:
    """A bot that reads everything aloud, and its synthesizer."""

    scene: Scene
    piper: aiohttp.ClientSession


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """Every answer in turn, the baseline after each."""
    studio = await _studio(scenes)
    await studio.scene.bot.start()
    await studio.scene.warm()
    for one in sheet.several(ROUNDS):
        for words, answers in ANSWERS.items():
            for text in answers[:1] if sheet.quick else answers:
                await _watch(studio.scene, one, words, text)
                one.samples[NAIVE][f"voice {words}"].append(await _afterwards(studio, text))


async def _studio(scenes: Scenes) -> _Studio:
    line = ("--realtime", str(REALTIME), "--until-stdin-closes")
    url = await scenes.stack.enter_async_context(server("tests.fakes.piper_http", *line))
    use = "services.backends.piper_http:PiperHttpSynthesizer"
    tables = {"[voice]": {"answer": "always"}, "[[speak]]": {"use": use, "url": url}}
    scene = await scenes.cold(OURS, more=tables)
    client = aiohttp.ClientSession(url, trust_env=False)
    return _Studio(scene, await scenes.stack.enter_async_context(client))


async def _watch(scene: Scene, one: Round, words: int, text: str) -> None:
    town, samples = scene.town, one.samples[OURS]
    await scene.pace(Pace(words_per_second=WORDS_PER_SECOND, text=text))
    (person,) = await town.settle(1)
    await town.forget()
    await town.say(person, "tell me")
    assert await town.until(lambda seen: bool(_voices(seen)) and text in finals(seen)), text
    (asked,) = await scene.asked()
    samples[f"voice {words}"].append(_voices(town.events)[0] - asked["words_at"][-1])
    samples[f"text {words}"].append(finals(town.events)[text] - asked["words_at"][-1])
    await town.forget()


def _voices(events: list[Record]) -> list[float]:
    """When each voice message of the bot was there."""
    return [
        event["at"]
        for event in events
        if event["type"] == "message" and "voice" in event["message"]
    ]


async def _afterwards(studio: _Studio, text: str) -> float:
    """The seconds from a whole text to the voice message, all done in the obvious way."""
    town = studio.scene.town
    (person,) = await town.settle(1)
    await town.say(person, "/start")
    await town.until(lambda seen: bool(finals(seen)))
    await town.forget()
    began = time.monotonic()
    async with studio.piper.post("/synthesize", json={"text": text}) as answer:
        sound = await answer.read()
    form = aiohttp.FormData({"chat_id": str(person)})
    form.add_field("voice", await _encoded(sound), filename="voice.ogg")
    async with town.http.post(f"/bot{TOKEN}/sendVoice", data=form) as sent:
        assert sent.status == 200, await sent.text()
    assert await town.until(lambda seen: bool(_voices(seen)))
    seconds = _voices(town.events)[0] - began
    await town.forget()
    return seconds


async def _encoded(sound: bytes) -> bytes:
    line = ("-loglevel", "error", "-i", "pipe:0", "-c:a", "libopus", "-f", "ogg", "pipe:1")
    process = await asyncio.create_subprocess_exec(str(find()), *line, stdin=PIPE, stdout=PIPE)
    encoded, _ = await process.communicate(sound)
    assert process.returncode == 0
    return encoded
