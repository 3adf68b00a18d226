"""What every backend that hears and every one that speaks does, whoever stands behind it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.errors import BackendUnavailable, ModelMissing
from domain.speech import Speech, Timbre
from services.backends.openai_compatible import OpenAISynthesizer, OpenAITranscriber
from services.backends.piper_http import PiperHttpSynthesizer
from services.backends.whisper_cpp import WhisperCppTranscriber
from services.skills import Ready, Synthesizer, Transcriber
from services.wire import Wire
from tests.fakes.openai_audio import FakeOpenAIAudio
from tests.fakes.piper_http import FakePiper
from tests.fakes.serving import Fake
from tests.fakes.speaking import seconds
from tests.fakes.whisper_cpp import FakeWhisperCpp
from tests.services.recordings import recorded

EN = Timbre("en")


@dataclass(frozen=True, slots=True)
class Ear:
    """A backend that hears, and the server behind it."""

    backend: Transcriber
    fake: Fake


@dataclass(frozen=True, slots=True)
class Mouth:
    """A backend that speaks English, and the server behind it."""

    backend: Synthesizer
    fake: Fake


@pytest.fixture(params=["whisper_cpp", "openai"])
async def ear(request: pytest.FixtureRequest, wire: Wire) -> AsyncIterator[Ear]:
    """Each kind of server that hears, in turn; a question has a second."""
    if request.param == "whisper_cpp":
        async with FakeWhisperCpp() as whisper:
            yield Ear(WhisperCppTranscriber(wire, whisper.url, patience=1.0), whisper)
    else:
        async with FakeOpenAIAudio() as openai:
            yield Ear(OpenAITranscriber(wire, openai.base, "tiny", patience=1.0), openai)


@pytest.fixture(params=["piper", "old piper", "openai"])
async def mouth(request: pytest.FixtureRequest, wire: Wire) -> AsyncIterator[Mouth]:
    """Each kind of server that speaks, in turn; a question has a second."""
    if request.param == "openai":
        async with FakeOpenAIAudio() as openai:
            voices = {"en": "alloy"}
            backend = OpenAISynthesizer(wire, openai.base, "tiny", voices, patience=1.0)
            yield Mouth(backend, openai)
    else:
        async with FakePiper(old=request.param == "old piper") as piper:
            yield Mouth(PiperHttpSynthesizer(wire, piper.url, patience=1.0), piper)


@pytest.fixture
def speech(tmp_path: Path) -> Speech:
    """A recording of a fifth of a second."""
    return recorded(tmp_path, 0.2)


@pytest.mark.parametrize("language", ["", "en"])
async def test_words_are_written_down(ear: Ear, speech: Speech, language: str) -> None:
    """With the language, which may be known before."""
    found = await ear.backend.transcribe(speech, language)
    assert ("Hello there.", "en") == (found.text, found.language)


@pytest.mark.parametrize("text", ["", "[BLANK_AUDIO]", "♪", "(music)"])
async def test_nothing_said_is_an_empty_text(ear: Ear, speech: Speech, text: str) -> None:
    """However the server writes that nobody spoke."""
    ear.fake.script.answer = text
    assert "" == (await ear.backend.transcribe(speech, "en")).text


async def test_a_text_is_spoken_as_a_whole_file(mouth: Mouth) -> None:
    """Longer for a longer text."""
    short, long = [
        seconds(await mouth.backend.speak(text, EN)) for text in ("Hello.", "Hello. " * 10)
    ]
    assert long > 5 * short > 0


async def test_a_faster_voice_takes_less_time(mouth: Mouth) -> None:
    """Whatever the server calls it."""
    usual = seconds(await mouth.backend.speak("Hello there.", EN))
    fast = seconds(await mouth.backend.speak("Hello there.", Timbre("en", speed=1.5)))
    assert 1.5 == pytest.approx(usual / fast, rel=0.02)


async def test_dots_alone_are_a_short_silence(mouth: Mouth) -> None:
    """No server is asked to say them."""
    assert 0.2 > seconds(await mouth.backend.speak("…", EN)) > 0
    assert [] == mouth.fake.requests


async def test_a_language_that_nobody_speaks_is_a_missing_model(mouth: Mouth) -> None:
    """The chain goes on to who may speak it."""
    with pytest.raises(ModelMissing, match="a voice for uk"):
        await mouth.backend.speak("Так.", Timbre("uk"))


async def test_what_goes_wrong_with_hearing_is_unavailable(ear: Ear, speech: Speech) -> None:
    """Busy, cut, hanging, gone: the next backend is asked."""
    script = ear.fake.script
    for status, cut, deaf in ((503, None, False), (200, 0, False), (200, None, True)):
        script.status, script.break_after, script.deaf = status, cut, deaf
        with pytest.raises(BackendUnavailable):
            await ear.backend.transcribe(speech, "")
    await ear.fake.stop()
    with pytest.raises(BackendUnavailable) as caught:
        await ear.backend.transcribe(speech, "")
    assert caught.value.down


async def test_what_goes_wrong_with_speaking_is_unavailable(mouth: Mouth) -> None:
    """Busy, cut, hanging, gone: the next backend is asked."""
    script = mouth.fake.script
    for status, cut, deaf in ((503, None, False), (200, 0, False), (200, None, True)):
        script.status, script.break_after, script.deaf = status, cut, deaf
        with pytest.raises(BackendUnavailable):
            await mouth.backend.speak("Hello.", EN)
    await mouth.fake.stop()
    with pytest.raises(BackendUnavailable) as caught:
        await mouth.backend.speak("Hello.", EN)
    assert caught.value.down


async def test_several_may_ask_at_once(ear: Ear, mouth: Mouth, speech: Speech) -> None:
    """Words and sounds do not mix."""
    heard = await asyncio.gather(*(ear.backend.transcribe(speech, "") for _ in range(5)))
    assert {"Hello there."} == {one.text for one in heard}
    texts = ["Hi" * number for number in range(1, 6)]
    spoken = await asyncio.gather(*(mouth.backend.speak(text, EN) for text in texts))
    lengths = [seconds(one) for one in spoken]
    assert sorted(lengths) == lengths
    assert 5 == len(set(lengths))


async def test_they_say_of_themselves_what_they_have(ear: Ear, mouth: Mouth) -> None:
    """A voice for English, and labels for the operator."""
    assert isinstance(await ear.backend.ready(), Ready)
    assert ["en"] == [one.language for one in (await mouth.backend.ready()).voices]
    assert ear.backend.label
    assert mouth.backend.label
