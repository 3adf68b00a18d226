"""Ten messages in quick succession: is each answered in turn, knowing what was said before?"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.figures import Claim
from benchmarks.scene import Pace, Scene, Scenes
from benchmarks.sheet import Round, Sheet
from benchmarks.town import Record, finals

CLAIMS = (
    Claim("questions asked out of turn", "disorder", sum, "", 0),
    Claim("questions asked with a wrong history", "forgotten", sum, "", 0),
    Claim("answers shown out of turn", "shown", sum, "", 0),
)
ROUNDS, MANY, QUICK = 3, 10, 4
QUIET = 5.0


async def run(sheet: Sheet, scenes: Scenes) -> None:
    """A model that takes a fifth of a second, and one person who does not wait for it."""
    both = await scenes.both()
    many = QUICK if sheet.quick else MANY
    for one in sheet.several(ROUNDS):
        for subject, scene in both.items():
            await _hurry(scene, one, subject, many)


async def _hurry(scene: Scene, one: Round, subject: str, many: int) -> None:
    town, samples = scene.town, one.samples[subject]
    pace = Pace(words=5, words_per_second=50.0, first_after=0.1)
    await scene.pace(pace)
    (person,) = await town.settle(1)
    texts = [f"question {number}" for number in range(many)]
    await town.forget()
    await town.say_all([(person, text) for text in texts])
    answers = [pace.answer(text) for text in texts]
    await town.settled(lambda seen: set(answers) <= finals(seen).keys(), QUIET)
    asked = [_dialogue(one) for one in await scene.asked()]
    wanted = [_history(texts[: nth + 1], answers[:nth]) for nth in range(many)]
    last = [dialogue[-1] for dialogue in asked]
    samples["disorder"].append(_wrong(texts, last))
    samples["forgotten"].append(_wrong(wanted, asked))
    shown = sorted((at, text) for text, at in finals(town.events).items())
    samples["shown"].append(_wrong(answers, [text for _, text in shown]))
    await town.forget()


def _dialogue(asked: Record) -> list[str]:
    """What was said, without the words that the bot gives the model about itself."""
    return [line["content"] for line in asked["messages"] if line["role"] != "system"]


def _history(texts: Sequence[str], answers: Sequence[str]) -> list[str]:
    spoken = [line for pair in zip(texts, answers, strict=False) for line in pair]
    return [*spoken, texts[-1]]


def _wrong(wanted: Sequence[object], found: Sequence[object]) -> int:
    """How many are not in the place where they should be."""
    pairs = zip(wanted, [*found, *[None] * len(wanted)], strict=False)
    return sum(one != other for one, other in pairs)
