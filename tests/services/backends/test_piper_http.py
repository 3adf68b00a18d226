"""Piper over HTTP: both generations, which voice speaks, and bad servers."""

import json
from collections.abc import AsyncIterator

import pytest

from domain.errors import BackendError, BackendNonsense, BackendUnavailable, ModelMissing
from domain.speech import Timbre
from services.backends.piper_http import PiperHttpSynthesizer
from services.skills import VoiceOffer
from services.sound.served import silence
from services.wire import Wire
from tests.fakes.piper_http import FakePiper, voice
from tests.fakes.raw import Caller, RawServer, refusing
from tests.fakes.speaking import seconds, spoken

THREE = {"en_US-joe-medium": voice("en_US"), "ru_RU-irina-medium": voice("ru_RU", 1.2)} | {
    "ru_RU-denis-medium": voice("ru_RU")
}
EN = Timbre("en")


@pytest.fixture
async def server() -> AsyncIterator[FakePiper]:
    """A fake Piper with three voices."""
    async with FakePiper(voices=THREE) as fake:
        yield fake


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
async def test_both_generations_speak(wire: Wire, old: bool) -> None:
    """The first question finds out which it is, the next ones know."""
    async with FakePiper(old=old) as server:
        backend = PiperHttpSynthesizer(wire, f"{server.url}/")
        for _ in range(2):
            assert spoken("Hello there.") == await backend.speak("Hello there.", EN)
    paths = ["/voices", "/synthesize", "/", "/"] if old else ["/voices", *["/synthesize"] * 2]
    assert paths == [one.path for one in server.requests]


async def test_a_server_that_is_replaced_by_another_generation_goes_on(
    wire: Wire, server: FakePiper
) -> None:
    """The address that was right is tried first, and then the other."""
    backend = PiperHttpSynthesizer(wire, server.url)
    for old in (True, False, True):
        server.old = old
        assert await backend.speak("Hello.", EN)


async def test_a_question_holds_nothing_that_need_not_be_said(
    wire: Wire, server: FakePiper
) -> None:
    """Piper fails at a null; the voice's own speed is its own affair."""
    backend = PiperHttpSynthesizer(wire, server.url)
    await backend.speak("Hello.", EN)
    assert {"text": "Hello.", "voice": "en_US-joe-medium"} == server.requests[-1].body


@pytest.mark.parametrize(("language", "pace"), [("en", 1.0), ("ru", 1.2)])
async def test_twice_as_fast_is_half_as_long(
    wire: Wire, server: FakePiper, language: str, pace: float
) -> None:
    """Measured by the voice's own pace."""
    backend = PiperHttpSynthesizer(wire, server.url)
    once, twice = [
        seconds(await backend.speak("Hello there.", Timbre(language, speed=speed)))
        for speed in (1.0, 2.0)
    ]
    assert 2.0 == pytest.approx(once / twice, rel=0.01)
    assert pace / 2 == server.requests[-1].body["length_scale"]


@pytest.mark.parametrize(
    ("timbre", "configured", "expected"),
    [
        (EN, {}, "en_US-joe-medium"),
        (Timbre("ru"), {}, "ru_RU-irina-medium"),
        (Timbre("ru"), {"ru": "ru_RU-denis-medium"}, "ru_RU-denis-medium"),
        (Timbre("ru", "ru_RU-denis-medium"), {"ru": "ru_RU-irina-medium"}, "ru_RU-denis-medium"),
        (Timbre("ru", "en_US-joe-medium"), {}, "ru_RU-irina-medium"),
        (Timbre("ru"), {"ru": "ru_RU-nobody-low"}, "ru_RU-irina-medium"),
        (Timbre("uk"), {"uk": "ru_RU-denis-medium"}, "ru_RU-denis-medium"),
    ],
)
async def test_the_voice_is_one_that_is_there(
    wire: Wire, server: FakePiper, timbre: Timbre, configured: dict[str, str], expected: str
) -> None:
    """For a name that it lacks Piper takes its first voice, whatever language that speaks."""
    backend = PiperHttpSynthesizer(wire, server.url, configured)
    await backend.speak("Hello.", timbre)
    assert [(expected, "Hello.")] == server.spoke


async def test_a_voice_whose_name_is_cut_in_the_list_is_there(wire: Wire) -> None:
    """Piper's list lacks letters at the end of some names."""
    voices = {"uk_UA-mykyta-medium": voice("uk_UA"), "uk_UA-ja": voice("uk_UA")}
    async with FakePiper(voices=voices) as server:
        backend = PiperHttpSynthesizer(wire, server.url, {"uk": "uk_UA-jason"})
        await backend.speak("Так.", Timbre("uk"))
        assert "uk_UA-jason" == server.requests[-1].body["voice"]


async def test_without_a_voice_for_the_language_nothing_is_said(
    wire: Wire, server: FakePiper
) -> None:
    """The next backend may have one, and the operator reads how to fetch it."""
    with pytest.raises(ModelMissing) as caught:
        await PiperHttpSynthesizer(wire, server.url).speak("Так.", Timbre("uk"))
    assert "a voice for uk" == caught.value.model
    assert caught.value.cure.endswith(f"{server.url}/download")
    assert "uk_UA-ukrainian_tts-medium" in caught.value.cure
    assert not server.spoke
    with pytest.raises(ModelMissing, match=r"python -m piper\.download_voices"):
        await PiperHttpSynthesizer(wire, server.url).speak("Tere.", Timbre("et"))


async def test_a_voice_that_was_fetched_meanwhile_is_found(wire: Wire, server: FakePiper) -> None:
    """Without starting the bot anew."""
    backend = PiperHttpSynthesizer(wire, server.url)
    await backend.speak("Hello.", EN)
    server.voices["uk_UA-lada-x_low"] = voice("uk_UA")
    await backend.speak("Так.", Timbre("uk"))
    assert ("uk_UA-lada-x_low", "Так.") == server.spoke[-1]


async def test_a_server_without_a_list_is_believed_to_have_what_is_configured(
    wire: Wire, server: FakePiper
) -> None:
    """Without a configuration nobody knows what it speaks."""
    server.lists = False
    await PiperHttpSynthesizer(wire, server.url, {"en": "en_US-joe-medium"}).speak("Hi.", EN)
    assert [("en_US-joe-medium", "Hi.")] == server.spoke
    assert () == (await PiperHttpSynthesizer(wire, server.url).ready()).voices
    with pytest.raises(ModelMissing):
        await PiperHttpSynthesizer(wire, server.url).speak("Hi.", EN)


@pytest.mark.parametrize("text", ["", "  ", "...", "?!\n"])
async def test_what_cannot_be_spoken_is_never_sent(
    wire: Wire, server: FakePiper, text: str
) -> None:
    """Piper would fail; a short silence is what such a text sounds like."""
    assert silence() == await PiperHttpSynthesizer(wire, server.url).speak(text, EN)
    assert [] == server.requests


async def test_it_tells_its_voices_and_their_languages(wire: Wire, server: FakePiper) -> None:
    """So nobody has to write them down twice."""
    expected = (
        VoiceOffer("en_US-joe-medium", "en"),
        VoiceOffer("ru_RU-irina-medium", "ru"),
        VoiceOffer("ru_RU-denis-medium", "ru"),
    )
    assert expected == (await PiperHttpSynthesizer(wire, server.url).ready()).voices


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"[]", BackendNonsense),
        (200, b"<html>", BackendNonsense),
        (403, b"AirTunes", BackendUnavailable),
        (500, b"<html>", BackendUnavailable),
    ],
)
async def test_who_lists_no_voices_is_not_ready(
    wire: Wire, status: int, body: bytes, expected: type[BackendError]
) -> None:
    """On some machines another service has Piper's port."""
    async with RawServer(refusing(status, body)) as server:
        with pytest.raises(expected):
            await PiperHttpSynthesizer(wire, server.url).ready()


def answering(status: bytes, body: bytes, *, whole: bool = True) -> RawServer:
    """A Piper that lists its voice, and answers every text with this."""
    listed = json.dumps({"en_US-joe-medium": voice("en_US")}).encode()

    async def talk(caller: Caller) -> None:
        while True:
            head, _ = await caller.hear()
            said, told = (b"200 OK", listed) if head.startswith(b"GET") else (status, body)
            length = len(told) + (0 if whole or told is listed else 9)
            await caller.say(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (said, length), told)

    return RawServer(talk)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (b"200 OK", b"<!doctype html>secret words", BackendNonsense),
        (b"200 OK", b"", BackendNonsense),
        (b"200 OK", b"secret words", BackendNonsense),
        (b"200 OK", spoken("Hello")[:44], BackendNonsense),
        (b"200 OK", b"RIFF" + bytes(60), BackendNonsense),
        (b"503 Busy", b"busy", BackendUnavailable),
        (b"500 Oh", b"<title>500 Internal Server Error</title>", BackendUnavailable),
        (b"405 No", b"", BackendUnavailable),
    ],
)
async def test_bad_answers_have_their_kinds(
    wire: Wire, status: bytes, body: bytes, expected: type[BackendError]
) -> None:
    """And none repeats what was said."""
    async with answering(status, body) as server:
        with pytest.raises(expected) as caught:
            await PiperHttpSynthesizer(wire, server.url).speak("Hello.", EN)
    assert "secret" not in str(caught.value)


async def test_a_sound_that_is_too_large_is_nonsense(wire: Wire) -> None:
    """A server cannot fill the bot's memory."""
    async with answering(b"200 OK", b"RIFF" + bytes(33 << 20)) as server:
        with pytest.raises(BackendNonsense, match="more than"):
            await PiperHttpSynthesizer(wire, server.url).speak("Hello.", EN)


@pytest.mark.parametrize("body", [b"", spoken("Hello")])
async def test_a_server_that_hangs_is_unavailable(wire: Wire, body: bytes) -> None:
    """Before its first byte, and in the middle of the sound."""
    wire.idle = 0.2
    async with answering(b"200 OK", body, whole=False) as server:
        with pytest.raises(BackendUnavailable, match="no answer in time"):
            await PiperHttpSynthesizer(wire, server.url, patience=0.2).speak("Hello.", EN)


async def test_a_connection_that_is_cut_is_unavailable(wire: Wire, server: FakePiper) -> None:
    """The server may have died."""
    server.script.break_after = 0
    with pytest.raises(BackendUnavailable):
        await PiperHttpSynthesizer(wire, server.url).speak("Hello.", EN)
