"""Piper's own HTTP server with a true voice: what the fakes pretend is so."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from domain.errors import ModelMissing
from domain.speech import Timbre
from services.backends.piper_http import PiperHttpSynthesizer
from services.skills import VoiceOffer
from services.wire import Wire
from tests.fakes.speaking import seconds
from tests.real_servers import PIPER_VOICE

# one wire serves all tests, so they share a loop
pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]

SENTENCE = "The keeper of the lighthouse wrote down every ship that passed by."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def piper(piper_http_server: str) -> AsyncIterator[PiperHttpSynthesizer]:
    """The backend in front of the server."""
    async with aclosing(Wire()) as wire:
        yield PiperHttpSynthesizer(wire, piper_http_server)


async def test_a_sentence_is_spoken(piper: PiperHttpSynthesizer) -> None:
    """As long as a person would take for it."""
    assert 2.5 < seconds(await piper.speak(SENTENCE, Timbre("en"))) < 7


async def test_a_faster_voice_takes_less_time(piper: PiperHttpSynthesizer) -> None:
    """Not in half the time: the shortest sounds cannot become shorter."""
    usual = seconds(await piper.speak(SENTENCE, Timbre("en")))
    fast = seconds(await piper.speak(SENTENCE, Timbre("en", speed=2.0)))
    assert 1.3 < usual / fast < 2.3


async def test_its_voice_is_found(piper: PiperHttpSynthesizer) -> None:
    """By the file beside it, and no other language is spoken with it."""
    assert (VoiceOffer(PIPER_VOICE, "en"),) == (await piper.ready()).voices
    with pytest.raises(ModelMissing):
        await piper.speak("Добрий день.", Timbre("uk"))


@pytest.mark.parametrize("text", ["...", "🙂", "42", "Привіт"])
async def test_odd_texts_are_sound_too(piper: PiperHttpSynthesizer, text: str) -> None:
    """Dots, faces, figures, letters that the voice does not read."""
    assert seconds(await piper.speak(text, Timbre("en"))) > 0
