"""Speaking behind Wyoming: which voice speaks, what comes back, and how it fails."""

import asyncio
import io
import wave

import pytest

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ModelMissing,
)
from domain.speech import Timbre
from services.backends.wyoming import WyomingSynthesizer
from services.pcm import Form
from services.skills import VoiceOffer
from services.wire import Wire
from services.wyoming_wire import Event
from tests.fakes.raw import Caller, RawServer, Talk
from tests.fakes.serving import Script
from tests.fakes.wyoming import WORD, FakeWyoming, Talents

ENGLISH = Timbre("en")
TEXT = "Hello there. Second sentence! And the tail"
MANY = {"en_GB-alan-low": "en_GB", "en_US-joe-medium": "en_US", "uk_UA-lada-x_low": "uk_UA"}


def contents(file: bytes) -> tuple[Form, bytes]:
    """The form of a WAV file and its sound."""
    with wave.open(io.BytesIO(file), "rb") as wav:
        form = Form(wav.getframerate(), wav.getsampwidth(), wav.getnchannels())
        return form, wav.readframes(wav.getnframes())


async def trouble(wire: Wire, url: str, patience: float = 5.0) -> BackendError:
    """The error that speaking ends in."""
    voice = WyomingSynthesizer(wire, url, patience=patience, label="Mouth")
    async with asyncio.timeout(20):
        with pytest.raises(BackendError) as caught:
            await voice.speak(TEXT, ENGLISH)
    return caught.value


def voices(server: FakeWyoming) -> list[str]:
    """The voices that a server was asked for, in order."""
    return [one.body["voice"]["name"] for one in server.requests if one.path != "describe"]


@pytest.mark.parametrize("streams", [True, False])
async def test_a_text_becomes_one_wav_file(wire: Wire, streams: bool) -> None:
    """Also where the server answers each sentence on its own."""
    async with FakeWyoming(talents=Talents(streams=streams)) as server:
        file = await WyomingSynthesizer(wire, server.url).speak(TEXT, ENGLISH)
    assert (Form(22050, 2, 1), WORD * 7) == contents(file)
    way = "synthesize-start" if streams else "synthesize"
    assert ["describe", way] == [one.path for one in server.requests]


async def test_what_a_server_can_do_is_asked_once(wire: Wire) -> None:
    """Its list of voices is long."""
    async with FakeWyoming() as server:
        voice = WyomingSynthesizer(wire, server.url)
        for _ in range(3):
            await voice.speak(TEXT, ENGLISH)
    assert 1 == len(server.to("describe"))


async def test_the_configured_voice_speaks_its_language(wire: Wire) -> None:
    """Whether it is listed or not: it may be a file of the operator's own."""
    async with FakeWyoming(talents=Talents(voices=MANY | {"grandmother": "xx"})) as server:
        voice = WyomingSynthesizer(wire, server.url, {"en": "grandmother"})
        await voice.speak(TEXT, ENGLISH)
    assert ["grandmother"] == voices(server)


async def test_a_voice_that_a_person_chose_speaks_if_it_knows_the_language(wire: Wire) -> None:
    """Another language has another voice."""
    async with FakeWyoming(talents=Talents(voices=MANY)) as server:
        voice = WyomingSynthesizer(wire, server.url, {"en": "en_GB-alan-low"})
        await voice.speak(TEXT, Timbre("en", "en_US-joe-medium"))
        await voice.speak(TEXT, Timbre("uk", "en_US-joe-medium"))
        await voice.speak(TEXT, Timbre("en", "nobody"))
    assert ["en_US-joe-medium", "uk_UA-lada-x_low", "en_GB-alan-low"] == voices(server)


@pytest.mark.parametrize("streams", [True, False])
async def test_a_listed_voice_that_is_not_there_is_passed_over(wire: Wire, streams: bool) -> None:
    """Servers list all voices that there are; the one that was found is remembered."""
    talents = Talents(voices=MANY, absent={"en_GB-alan-low"}, streams=streams)
    async with FakeWyoming(talents=talents) as server:
        voice = WyomingSynthesizer(wire, server.url)
        await voice.speak(TEXT, ENGLISH)
        await voice.speak(TEXT, ENGLISH)
        assert ["en_GB-alan-low", "en_US-joe-medium", "en_US-joe-medium"] == voices(server)


async def test_a_voice_that_cannot_be_downloaded_is_not_there(wire: Wire) -> None:
    """The server says so with another word."""
    error = {"text": "Unable to find or download voice: x", "code": "ValueError"}
    async with FakeWyoming(Script(status=500, error=error)) as server:
        assert isinstance(await trouble(wire, server.url), ModelMissing)


async def test_a_language_that_no_voice_speaks_is_missing(wire: Wire) -> None:
    """No other voice reads it aloud, and the operator learns what brings one."""
    async with FakeWyoming(talents=Talents(voices=MANY, absent={"uk_UA-lada-x_low"})) as server:
        voice = WyomingSynthesizer(wire, server.url, label="Mouth")
        for language, cure in (("uk", " uk_UA-lada-x_low"), ("ru", "")):
            with pytest.raises(ModelMissing) as caught:
                await voice.speak("Так.", Timbre(language))
            assert f"a voice for {language}" == caught.value.model
            assert f"python -m piper.download_voices{cure}" == caught.value.cure


async def test_a_voice_that_has_come_meanwhile_is_found_after_a_look(wire: Wire) -> None:
    """Nobody asks for it with every sentence until then."""
    talents = Talents(voices=MANY, absent={"uk_UA-lada-x_low"})
    async with FakeWyoming(talents=talents) as server:
        voice = WyomingSynthesizer(wire, server.url)
        for _ in range(3):
            with pytest.raises(ModelMissing):
                await voice.speak("Так.", Timbre("uk"))
        assert 1 == len(voices(server))
        talents.absent.clear()
        await voice.ready()
        assert await voice.speak("Так.", Timbre("uk"))


async def test_it_says_which_voices_it_lists(wire: Wire) -> None:
    """With the languages as people write them."""
    async with FakeWyoming(talents=Talents(voices=MANY)) as server:
        ready = await WyomingSynthesizer(wire, server.url).ready()
    assert ("fake-voices",) == ready.models
    assert tuple(VoiceOffer(name, language[:2]) for name, language in MANY.items()) == ready.voices


async def test_a_server_that_only_hears_does_not_speak(wire: Wire) -> None:
    """The operator took the wrong port."""
    async with FakeWyoming(talents=Talents(voices={})) as server:
        found = await trouble(wire, server.url)
    assert isinstance(found, BackendUnavailable)
    assert found.down
    assert "Mouth: it does not speak" == str(found)


@pytest.mark.parametrize("text", ["", " \n "])
async def test_an_empty_text_is_not_sent(wire: Wire, text: str) -> None:
    """Servers answer it with silence of no form."""
    async with FakeWyoming() as server:
        with pytest.raises(BackendRejected, match="there is nothing to say"):
            await WyomingSynthesizer(wire, server.url).speak(text, ENGLISH)
    assert not server.requests


@pytest.mark.parametrize("streams", [True, False])
async def test_an_answer_without_sound_is_nonsense(wire: Wire, streams: bool) -> None:
    """The true server answers so what has nothing speakable in it."""
    async with FakeWyoming(talents=Talents(streams=streams)) as server:
        server.garbage = Event("synthesize-stopped" if streams else "audio-stop").written()
        found = await trouble(wire, server.url)
    assert isinstance(found, BackendNonsense)
    assert "Mouth: it said nothing" == str(found)


FORM = {"rate": 22050, "width": 2, "channels": 1}
START = Event("audio-start", FORM).written()
CHUNK = Event("audio-chunk", FORM, b"abcdef").written()
END = Event("synthesize-stopped").written()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "26 bytes that are not JSON"),
        (Event("audio-start", {"rate": 22050}).written(), "its sound has an impossible form"),
        (
            Event("audio-start", FORM | {"rate": 10**9}).written(),
            "its sound has an impossible form",
        ),
        (
            Event("audio-start", FORM | {"width": "2"}).written(),
            "its sound has an impossible form",
        ),
        (
            Event("audio-start", FORM | {"channels": 0}).written(),
            "its sound has an impossible form",
        ),
        (CHUNK + END, "its sound has no beginning"),
        (
            START + Event("audio-start", FORM | {"rate": 8000}).written(),
            "its sound changes its form",
        ),
        (START + Event("audio-chunk", FORM, b"x").written() + END, "it said nothing"),
    ],
)
async def test_sound_of_no_sense_is_nonsense(wire: Wire, said: bytes, expected: str) -> None:
    """No file is made of it."""
    async with FakeWyoming() as server:
        server.garbage = said
        found = await trouble(wire, server.url)
    assert isinstance(found, BackendNonsense)
    assert f"Mouth: {expected}" == str(found)


async def test_half_a_sample_at_the_end_is_left_out(wire: Wire) -> None:
    """The file is whole, whatever the server cut."""
    async with FakeWyoming() as server:
        server.garbage = START + CHUNK + Event("audio-chunk", FORM, b"g").written() + END
        file = await WyomingSynthesizer(wire, server.url).speak(TEXT, ENGLISH)
    assert b"abcdef" == contents(file)[1]


@pytest.mark.parametrize("said", [b"x" * 10_000, START * 100, Event("ping").written() * 100])
async def test_a_server_that_talks_without_end_is_left(wire: Wire, said: bytes) -> None:
    """Before it fills the memory."""
    async with FakeWyoming() as server:
        server.garbage, server.endless = said, True
        found = await trouble(wire, server.url)
    assert isinstance(found, BackendNonsense)
    assert {"a line does not end", "it talks without end"} & {found.reason}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (Script(break_after=2), "Mouth: the answer broke off"),
        (Script(error_after=2, error={"text": "hm", "code": "OSError"}), "Mouth: OSError: hm"),
        (Script(status=500, error="out of memory"), "Mouth: out of memory"),
    ],
)
async def test_a_server_that_fails_is_unavailable(
    wire: Wire, script: Script, expected: str
) -> None:
    """Half of a text is not spoken."""
    async with FakeWyoming(script) as server:
        found = await trouble(wire, server.url)
    assert isinstance(found, BackendUnavailable)
    assert expected == str(found)


@pytest.mark.parametrize("script", [Script(hang_after=0), Script(hang_after=3)])
async def test_a_server_that_stands_still_is_left_in_time(wire: Wire, script: Script) -> None:
    """Before its first sound after the patience, later after the wire's idle seconds."""
    wire.idle = 0.2
    async with FakeWyoming(script) as server:
        found = await trouble(wire, server.url, patience=0.2 if script.hang_after == 0 else 60)
        async with asyncio.timeout(10):
            await server.requests[-1].left.wait()
    assert "Mouth: no answer in time" == str(found)


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"tts": {"voices": []}}, "its list of tts has another shape"),
        ({"tts": ["piper"]}, "its list of tts has another shape"),
        ({"tts": [{"name": 5}]}, "something without a name in its list"),
        ({"tts": [{"name": "p", "voices": "all"}]}, "its list of voices has another shape"),
        ({"tts": [{"name": "p", "voices": [{}]}]}, "something without a name in its list"),
    ],
)
async def test_a_description_of_another_shape_is_nonsense(
    wire: Wire, info: dict[str, object], expected: str
) -> None:
    """What it has is not guessed."""
    async with RawServer(telling(info)) as server:
        found = await trouble(wire, f"tcp://127.0.0.1:{server.port}")
    assert isinstance(found, BackendNonsense)
    assert f"Mouth: {expected}" == str(found)


async def test_odd_languages_are_no_languages(wire: Wire) -> None:
    """A voice without one that we know is listed for none."""
    odd = [{"name": "a", "languages": [5, "", "en-GB", "en"]}, {"name": "b", "languages": None}]
    async with RawServer(telling({"tts": [{"name": "p", "voices": odd}]})) as server:
        ready = await WyomingSynthesizer(wire, f"tcp://127.0.0.1:{server.port}").ready()
    assert (VoiceOffer("a", "en"),) == ready.voices


def telling(info: dict[str, object]) -> Talk:
    """A server that says this of itself."""

    async def talk(caller: Caller) -> None:
        await caller.say(Event("info", info).written())
        await caller.wait_until_gone()

    return talk


def test_its_label_names_it_for_the_operator(wire: Wire) -> None:
    """Server and place; an address of another kind is refused."""
    assert "Wyoming at 127.0.0.1:10200" == WyomingSynthesizer(wire).label
    assert "Mouth" == WyomingSynthesizer(wire, label="Mouth").label
    with pytest.raises(ValueError, match="url must look like"):
        WyomingSynthesizer(wire, "http://box")
