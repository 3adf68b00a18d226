"""Twenty people who send voice notes at once: who is answered when, and who else has to wait.

Two notes are heard at a time, each in a second and a half. Meanwhile others write, and their
answers are compared with those that they get while nobody speaks.
"""

from __future__ import annotations

import asyncio
import json
import math
import statistics
import time
from collections.abc import Callable, Sequence

import aiohttp

from benchmarks.children import server
from benchmarks.figures import NAIVE, OURS, Claim, median, share
from benchmarks.scene import Pace, Scene, Scenes, Tables
from benchmarks.sheet import Round, Sheet
from benchmarks.town import GLANCE, Record, Town, finals, questions
from tests.fakes.speaking import SECONDS_A_CHARACTER, spoken

CLAIMS = (
    Claim("20 voice notes at once, never answered", "lost", sum, "", 0),
    Claim("places by which one was answered out of turn", "displaced", max, "", 1),
    Claim("all of them answered", "voices", median, "s"),
    Claim("written questions meanwhile, delay of the median", "delay", median, "%", 5.0),
    Claim("the same, answer of the median (naive: nobody speaks)", "text", median, "s"),
    Claim("the same, 95 of 100 within (naive: nobody speaks)", "text", share(95), "s"),
)
ROUNDS, MANY, QUICK, WRITERS = 2, 20, 4, 3
NOTE_SECONDS, HEARD_IN, SPOKEN_IN = 5.0, 0.3, 0.2
PACE = Pace(words=26, words_per_second=15.0)
"""An answer of two seconds."""

LAST_WORD = PACE.answer("").rsplit(" ", 1)[-1]
PATIENCE = 10.0
"""Seconds for a voice note after which it counts as lost."""


NOTE = spoken("." * round(NOTE_SECONDS / SECONDS_A_CHARACTER))


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """First many speak, then nobody does; others write all the while."""
    scene = await _scene(scenes)
    await scene.bot.start()
    await scene.warm()
    many = QUICK if sheet.quick else MANY
    for one in sheet.several(ROUNDS):
        await scene.pace(PACE)
        seconds = await _crowd(scene, one, many)
        await _alone(scene, one, seconds)
        crowded, alone = (one.samples[who]["text"] for who in (OURS, NAIVE))
        delay = statistics.median(crowded) / statistics.median(alone) - 1
        one.samples[OURS]["delay"].append(delay * 100)


async def _scene(scenes: Scenes) -> Scene:
    line = ("--until-stdin-closes", "--realtime")
    enter = scenes.stack.enter_async_context
    ear = await enter(server("tests.fakes.openai_audio", *line, str(HEARD_IN)))
    mouth = await enter(server("tests.fakes.piper_http", *line, str(SPOKEN_IN)))
    hear = "services.backends.openai_compatible:OpenAITranscriber"
    speak = "services.backends.piper_http:PiperHttpSynthesizer"
    tables: Tables = {
        "[[hear]]": {"use": hear, "url": f"{ear}/v1", "model": "tiny", "slots": 2},
        "[[speak]]": {"use": speak, "url": mouth},
    }
    return await scenes.cold(OURS, more=tables)


async def _crowd(scene: Scene, one: Round, many: int) -> float:
    """Have many speak while some write; gives the seconds until all are answered."""
    town, samples = scene.town, one.samples[OURS]
    speakers = await town.settle(many)
    await town.forget()
    began = time.monotonic()
    for who in speakers:
        await _speak(town.http, who)
    patience = began + many * PATIENCE

    def over(seen: Sequence[Record]) -> bool:
        return len(_answered(seen, speakers)) == many or time.monotonic() > patience

    samples["text"] += await _written(town, over)
    answered = _answered(town.events, speakers)
    samples["lost"].append(many - len(answered))
    places = {who: at for at, who in enumerate(answered)}
    moved = [abs(places.get(who, many) - at) for at, who in enumerate(speakers)]
    samples["displaced"].append(max(moved))
    took = max(answered.values(), default=math.inf) - began
    samples["voices"].append(took)
    await town.forget()
    return took


async def _alone(scene: Scene, one: Round, seconds: float) -> None:
    """Have some write for so long, and nobody speak."""
    await scene.town.forget()
    end = time.monotonic() + seconds
    taken = await _written(scene.town, lambda _: time.monotonic() > end)
    one.samples[NAIVE]["text"] += taken
    await scene.town.forget()


async def _speak(http: aiohttp.ClientSession, who: int) -> None:
    message = json.dumps({"user_id": who, "chat_id": who, "duration": round(NOTE_SECONDS)})
    form = aiohttp.FormData({"message": message})
    form.add_field("voice", NOTE, filename="voice.ogg")
    async with http.post("/play/send", data=form) as answer:
        assert answer.status == 200, await answer.text()


async def _written(town: Town, over: Callable[[Sequence[Record]], bool]) -> list[float]:
    """Have some write one question after another; gives the seconds until each was answered."""
    asked = dict.fromkeys(await town.settle(WRITERS), "")
    number, done = 0, False
    while not done:
        ended, known = over(await town.news()), finals(town.events)
        free = [who for who, text in asked.items() if not text or PACE.answer(text) in known]
        done = ended and len(free) == len(asked)
        for who in () if ended else free:
            number += 1
            asked[who] = f"question {number} of {who}"
            await town.say(who, asked[who])
        await asyncio.sleep(GLANCE)
    asked_at, known = questions(town.events), finals(town.events)
    answers = ((PACE.answer(question), at) for question, at in asked_at.items())
    return [known[answer] - at for answer, at in answers if answer in known]


def _answered(events: Sequence[Record], speakers: Sequence[int]) -> dict[int, float]:
    """When each of them had an answer in writing, the first first."""
    known: dict[int, float] = {}
    for event in events:
        message = event.get("message", {})
        if event["type"] == "message" and message.get("text", "").endswith(LAST_WORD):
            known.setdefault(message["chat"]["id"], event["at"])
    return {who: at for who, at in known.items() if who in speakers}
