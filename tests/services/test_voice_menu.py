"""/voice and /transcribe: what can be chosen, and what is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from domain.answers import Reply
from domain.messages import Incoming
from services.skills import VoiceOffer
from services.tasks import Answer
from services.tastes import Tastes
from services.voice_menu import VoiceMenu
from storage.people import VoiceTaste
from tests.services.ground import Ground
from tests.services.voices import tastes

OFFERS = [
    VoiceOffer("en_US-joe-medium", "en"),
    VoiceOffer("espeak-en", "en"),
    VoiceOffer("ru_RU-irina-medium", "ru"),
]


@dataclass(slots=True)
class Shelf:
    """A menu, and what it has asked for."""

    ground: Ground
    tastes: Tastes = field(init=False)
    offers: list[VoiceOffer] = field(default_factory=lambda: list(OFFERS))
    arrivals: list[int] = field(default_factory=list)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.tastes = tastes(self.ground)

    async def does(self, task: str, text: str = "") -> Reply:
        """What a command or a button is answered."""
        menu = VoiceMenu(
            self.ground.words,
            self.tastes,
            "when_spoken_to",
            self.ground.jobs,
            lambda: self.offers,
            lambda: self.arrivals.append(1),
        )
        said = self.ground.talk.says()
        said = Incoming(said.place, said.message, said.person, text)
        self.numbers += 1
        lane = f"1!{self.numbers}"
        job = await self.ground.begun(said, "quick", task=task, lane=lane)
        *_, end = [step async for step in menu.tasks()[task].run(job)]
        assert isinstance(end, Answer)
        assert end.reply is not None
        return end.reply

    async def presses(self, label: str) -> Reply:
        """Press a button of the menu by what it says."""
        menu = await self.does("voice")
        acts = {one.label: one.act for row in menu.rows for one in row}
        return await self.does("choose_voice", acts[label])


@pytest.fixture
def shelf(ground: Ground) -> Shelf:
    """A menu over the ground."""
    return Shelf(ground)


def chosen(reply: Reply) -> list[str]:
    """What is marked."""
    labels = [one.label for row in reply.rows for one in row]
    return [label.removeprefix("✓ ") for label in labels if label.startswith("✓")]


async def test_the_menu_shows_what_holds_now(shelf: Shelf) -> None:
    """Without a choice that is the owner's, and the voice's own speed."""
    menu = await shelf.does("voice")
    assert ["When I speak", "1×", "Any language", "Any voice"] == chosen(menu)
    acts = [one.act for row in menu.rows for one in row]
    assert all(len(act.encode()) <= 64 for act in acts)
    assert len(set(acts)) == len(acts)


@pytest.mark.parametrize(
    ("label", "taste"),
    [
        ("Never", VoiceTaste(mode="off")),
        ("Always", VoiceTaste(mode="always")),
        ("1.25×", VoiceTaste(speed=1.25)),
        ("Українська", VoiceTaste(spoken="uk")),
        ("en_US-joe-medium", VoiceTaste(name="en_US-joe-medium")),
        ("espeak-en (basic voice)", VoiceTaste(name="espeak-en")),
    ],
)
async def test_a_choice_is_remembered_and_shown(
    shelf: Shelf, label: str, taste: VoiceTaste
) -> None:
    """One choice changes nothing of the others."""
    menu = await shelf.presses(label)
    assert taste == shelf.tastes.of(1)
    assert label in chosen(menu)
    await shelf.presses("0.8×")
    assert taste.mode == shelf.tastes.of(1).mode
    assert 0.8 == shelf.tastes.of(1).speed


async def test_a_choice_can_be_taken_back(shelf: Shelf) -> None:
    """Any voice, any language."""
    for label in ("en_US-joe-medium", "Русский", "Any voice", "Any language"):
        await shelf.presses(label)
    assert ("", "") == (shelf.tastes.of(1).name, shelf.tastes.of(1).spoken)


async def test_where_there_is_no_choice_of_voices_none_is_offered(shelf: Shelf) -> None:
    """One voice, or none, is no choice."""
    del shelf.offers[1]
    menu = await shelf.does("voice")
    assert not any("joe" in one.label for row in menu.rows for one in row)


async def test_a_sample_is_a_job_of_its_own(shelf: Shelf) -> None:
    """It waits for a synthesizer, and the menu stays where it is."""
    menu = await shelf.presses("▶ Sample")
    assert [1] == shelf.arrivals
    assert menu.rows == (await shelf.does("voice")).rows
    [sample] = [one.job for one in await shelf.ground.every() if one.job.task == "sample"]
    assert "speak" == sample.pool


@pytest.mark.parametrize("act", ["voice:", "voice:mode.loud", "voice:speed.99", "voice:x.y", "z"])
async def test_what_no_button_of_ours_says_changes_nothing(shelf: Shelf, act: str) -> None:
    """Clients can be made to send anything."""
    await shelf.does("choose_voice", act)
    assert VoiceTaste() == shelf.tastes.of(1)


async def test_transcribing_is_switched_on_and_off(shelf: Shelf) -> None:
    """For the chat, not for the person."""
    assert "From now on I write down" in (await shelf.does("transcribing")).text
    assert shelf.tastes.transcribes(1)
    assert "no longer" in (await shelf.does("transcribing")).text
    assert not shelf.tastes.transcribes(1)
