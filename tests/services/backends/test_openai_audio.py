"""Servers that hear and speak OpenAI's way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ModelMissing,
)
from domain.speech import Segment, Speech, Timbre, Transcript
from services.backends.openai_compatible import OpenAISynthesizer, OpenAITranscriber
from services.openai_audio import LONGEST
from services.skills import Ready, VoiceOffer
from services.sound.served import silence
from services.wire import Wire
from tests.fakes.openai_audio import MP3, FakeOpenAIAudio
from tests.fakes.raw import RawServer, refusing
from tests.fakes.speaking import seconds, spoken
from tests.services.recordings import recorded

VOICES = {"en": "alloy", "uk": "nova"}
EN = Timbre("en")


@pytest.fixture
async def server() -> AsyncIterator[FakeOpenAIAudio]:
    """A fake server with one model."""
    async with FakeOpenAIAudio() as fake:
        yield fake


@pytest.fixture
def speech(tmp_path: Path) -> Speech:
    """A recording of one second."""
    return recorded(tmp_path)


async def test_a_recording_is_asked_about_with_times(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """What is not known is not said: without a language the server finds it out."""
    backend = OpenAITranscriber(wire, f"{server.base}/", "tiny")
    found = await backend.transcribe(speech, "")
    assert Transcript("Hello there.", "en", (Segment(0.0, 1.0, "Hello there."),)) == found
    expected = {"model": "tiny", "response_format": "verbose_json"}
    assert {**expected, "file": speech.path.read_bytes()} == server.requests[-1].body


async def test_a_language_and_a_prompt_are_told(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """And the language comes back as a code, however the server names it."""
    server.names = True
    backend = OpenAITranscriber(wire, server.base, "tiny", prompt="Київ")
    assert "uk" == (await backend.transcribe(speech, "uk")).language
    body = server.requests[-1].body
    assert ("uk", "Київ") == (body["language"], body["prompt"])


async def test_a_server_without_times_is_asked_for_the_words_alone(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """The refusal costs one question, once; the language is the one that was told."""
    server.formats.discard("verbose_json")
    backend = OpenAITranscriber(wire, server.base, "tiny")
    for _ in range(2):
        assert Transcript("Hello there.", "uk") == await backend.transcribe(speech, "uk")
    assert 3 == len(server.requests)


async def test_a_server_that_refuses_every_form_is_not_asked_for_ever(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """Two refusals are enough."""
    server.formats.clear()
    with pytest.raises(BackendRejected) as caught:
        await OpenAITranscriber(wire, server.base, "tiny").transcribe(speech, "")
    assert 422 == caught.value.status
    assert 2 == len(server.requests)


async def test_a_missing_model_is_told_apart(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """Such servers fetch a model when they are told to."""
    whisper = OpenAITranscriber(wire, server.base, "Systran/faster-whisper-small")
    with pytest.raises(ModelMissing) as caught:
        await whisper.transcribe(speech, "")
    expected = f"curl -X POST {server.base}/models/Systran/faster-whisper-small"
    assert ("Systran/faster-whisper-small", expected) == (caught.value.model, caught.value.cure)
    with pytest.raises(ModelMissing, match=r"set one of its models"):
        await OpenAISynthesizer(wire, server.base, "kokoro", VOICES).speak("Hi.", EN)


async def test_the_key_is_shown_to_the_server_alone(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """A wrong one is refused, and neither error nor repr holds it."""
    server.key = "sk-right"
    ear = OpenAITranscriber(wire, server.base, "tiny", "sk-right")
    mouth = OpenAISynthesizer(wire, server.base, "tiny", VOICES, api_key="sk-wrong")
    assert (await ear.transcribe(speech, "")).text
    with pytest.raises(BackendRejected) as caught:
        await mouth.speak("Hello.", EN)
    assert 401 == caught.value.status
    assert "sk-" not in f"{caught.value} {ear!r} {mouth!r}"


async def test_a_text_is_spoken_as_wav_in_the_voice_of_its_language(
    wire: Wire, server: FakeOpenAIAudio
) -> None:
    """Another voice's name, chosen with another backend, is not sent."""
    backend = OpenAISynthesizer(wire, server.base, "tiny", VOICES)
    assert spoken("Так.") == await backend.speak("Так.", Timbre("uk", "en_US-joe-medium"))
    assert {
        "model": "tiny",
        "input": "Так.",
        "voice": "nova",
        "response_format": "wav",
    } == server.requests[-1].body


@pytest.mark.parametrize(("speed", "expected"), [(2.0, 2.0), (9.0, 4.0), (0.1, 0.25)])
async def test_the_speed_stays_within_what_it_takes(
    wire: Wire, server: FakeOpenAIAudio, speed: float, expected: float
) -> None:
    """Beyond it would be refused."""
    backend = OpenAISynthesizer(wire, server.base, "tiny", VOICES)
    found = await backend.speak("Hello.", Timbre("en", speed=speed))
    assert expected == server.requests[-1].body["speed"]
    assert seconds(spoken("Hello.")) / expected == pytest.approx(seconds(found), abs=0.01)


async def test_a_server_that_knows_only_mp3_speaks_mp3(wire: Wire, server: FakeOpenAIAudio) -> None:
    """The refusal costs one question, once."""
    server.formats.discard("wav")
    backend = OpenAISynthesizer(wire, server.base, "tiny", VOICES)
    assert [MP3, MP3] == [await backend.speak("Hello.", EN) for _ in range(2)]
    assert 3 == len(server.requests)


async def test_without_a_voice_for_the_language_nothing_is_asked(
    wire: Wire, server: FakeOpenAIAudio
) -> None:
    """The server does not tell its voices, so the configuration has to."""
    with pytest.raises(ModelMissing, match=r'set voices = \{ de = "\.\.\." \}') as caught:
        await OpenAISynthesizer(wire, server.base, "tiny", VOICES).speak("Ja.", Timbre("de"))
    assert "a voice for de" == caught.value.model
    assert [] == server.requests


async def test_what_cannot_be_spoken_is_never_sent(wire: Wire, server: FakeOpenAIAudio) -> None:
    """Dots are a short silence; too long a text is refused before it is sent."""
    backend = OpenAISynthesizer(wire, server.base, "tiny", VOICES)
    assert silence() == await backend.speak("...", EN)
    with pytest.raises(BackendRejected, match="more than 4096 characters"):
        await backend.speak("a" * (LONGEST + 1), EN)
    assert [] == server.requests
    assert await backend.speak("a" * LONGEST, EN)


async def test_both_tell_what_the_server_has(wire: Wire, server: FakeOpenAIAudio) -> None:
    """The models of the server, the voices of the configuration."""
    assert Ready(("tiny",)) == await OpenAITranscriber(wire, server.base, "tiny").ready()
    voices = (VoiceOffer("alloy", "en"), VoiceOffer("nova", "uk"))
    mouth = OpenAISynthesizer(wire, server.base, "tiny", VOICES)
    assert Ready(("tiny",), voices=voices) == await mouth.ready()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<html>secret words</html>", BackendNonsense),
        (200, b"", BackendNonsense),
        (200, b'{"words": "secret words"}', BackendNonsense),
        (503, b"busy", BackendUnavailable),
        (422, b'{"detail": [{"msg": "no", "loc": ["body", "file"]}]}', BackendRejected),
        (404, b'{"detail": "Not Found"}', BackendRejected),
    ],
)
async def test_bad_answers_have_their_kinds(
    wire: Wire, speech: Speech, status: int, body: bytes, expected: type[BackendError]
) -> None:
    """Of both, and none repeats what was said."""
    async with RawServer(refusing(status, body)) as server:
        ear = OpenAITranscriber(wire, server.url, "tiny")
        mouth = OpenAISynthesizer(wire, server.url, "tiny", VOICES)
        for asking in (ear.transcribe(speech, ""), mouth.speak("Hello.", EN)):
            with pytest.raises(expected) as caught:
                await asking
            assert "secret" not in str(caught.value)


async def test_a_streamed_wav_gets_its_true_length(wire: Wire) -> None:
    """Servers write a length that they cannot know yet."""
    whole = spoken("Hello.")
    streamed = whole[:40] + b"\xff\xff\xff\xff" + whole[44:]
    async with RawServer(refusing(200, streamed)) as server:
        assert whole == await OpenAISynthesizer(wire, server.url, "tiny", VOICES).speak("Hi", EN)


async def test_a_form_that_is_refused_in_other_words_is_left_out_too(
    wire: Wire, server: FakeOpenAIAudio, speech: Speech
) -> None:
    """Each server has its own."""
    server.script.status, server.script.error = 400, "verbose_json is not compatible with it"
    with pytest.raises(BackendRejected):
        await OpenAITranscriber(wire, server.base, "tiny").transcribe(speech, "")
    forms = [one.body["response_format"] for one in server.requests]
    assert ["verbose_json", "json"] == forms


def test_their_labels_name_model_and_place(wire: Wire) -> None:
    """Unless the operator gave them a name."""
    assert "tiny at box:1" == OpenAITranscriber(wire, "http://box:1/v1", "tiny").label
    assert "tiny at box" == OpenAISynthesizer(wire, "http://box/v1", "tiny").label
    assert "Ear" == OpenAITranscriber(wire, "http://box", "tiny", label="Ear").label
