"""What people chose about voices, and chats about speech, is known at once and after a start."""

import pytest

from services.tastes import Tastes
from storage.chats import Chats
from storage.people import People, VoiceTaste
from tests.services.ground import Ground

FAST = VoiceTaste("always", "uk_UA-lada", 1.5)


def fresh(ground: Ground) -> Tastes:
    """What a program knows that has just begun."""
    return Tastes(People(ground.database), Chats(ground.database))


@pytest.fixture
def tastes(ground: Ground) -> Tastes:
    """Nobody has chosen yet."""
    return fresh(ground)


def test_nobody_is_said_to_have_chosen(tastes: Tastes) -> None:
    """The owner's words count then."""
    assert VoiceTaste("", "", 0.0) == tastes.of(1)
    assert not tastes.transcribes(-5)


async def test_a_choice_is_one_persons_only(tastes: Tastes) -> None:
    """It counts from the next message on."""
    await tastes.choose(1, FAST)
    assert (FAST, VoiceTaste()) == (tastes.of(1), tastes.of(2))
    await tastes.choose(1, VoiceTaste("off"))
    assert VoiceTaste("off") == tastes.of(1)


async def test_a_chat_can_change_its_mind(tastes: Tastes) -> None:
    """Switched on and off, as often as anybody likes."""
    for wanted in (True, True, False, False, True):
        await tastes.choose_transcribing(-5, wanted)
        assert (wanted, False) == (tastes.transcribes(-5), tastes.transcribes(-6))


async def test_choices_survive_the_program(ground: Ground, tastes: Tastes) -> None:
    """They are read back when the program starts."""
    await tastes.choose(1, FAST)
    await tastes.choose_transcribing(-5, True)
    started = fresh(ground)
    assert VoiceTaste() == started.of(1)
    await started.load()
    assert (FAST, True) == (started.of(1), started.transcribes(-5))
