"""The embedded mouth: it is understood, in every language somehow, and lives as its ear does."""

import asyncio
import io
import os
import re
import signal
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from domain.errors import BackendRejected, BackendUnavailable, ModelMissing
from domain.speech import Speech, Timbre
from services.backends.embedded_piper import LONGEST, EmbeddedPiperSynthesizer
from services.backends.embedded_whisper import EmbeddedWhisperTranscriber
from services.skills import VoiceOffer
from services.sound.convert import Converter
from services.sound.encoding import voice_file
from services.sound.ffmpeg import Ffmpeg
from services.sound.joining import spoken
from services.words import Words
from tests.services.backends.conftest import true_ear, true_mouth
from tests.services.ground import until

# one engine serves all its tests, so they share a loop
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.engine]

ENGLISH = Timbre("en")
MILK = "Please remind me to buy milk, bread and coffee on the way home."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mouth(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[EmbeddedPiperSynthesizer]:
    """The true engines."""
    async with true_mouth(tmp_path_factory.mktemp("data")) as mouth:
        yield mouth


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ear(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[EmbeddedWhisperTranscriber]:
    """Who listens."""
    async with true_ear(tmp_path_factory.mktemp("data")) as ear:
        yield ear


def seconds(sound: bytes) -> float:
    """How long a WAV file is."""
    with wave.open(io.BytesIO(sound)) as file:
        assert (1, 2) == (file.getnchannels(), file.getsampwidth())
        return float(file.getnframes() / file.getframerate())


async def through_telegram(sound: bytes, room: Path) -> Speech:
    """Make a voice message of it, and what transcribers take of that."""
    ffmpeg = Ffmpeg()
    piece = await spoken(sound, room, ffmpeg)
    async with voice_file(room / "note.ogg", ffmpeg, 60) as file:
        await file.add(piece)
        note, _ = await file.finish()
    voice = Words(Path("no catalogues")).speak("en")
    return await Converter(ffmpeg).convert(note, room, voice)


def words(text: str) -> list[str]:
    """Without case and marks."""
    return re.findall(r"\w+", text.lower())


@pytest.mark.parametrize(
    "said", [MILK, "I would like to know how far away the moon is from the earth."]
)
async def test_what_piper_says_whisper_understands(
    mouth: EmbeddedPiperSynthesizer, ear: EmbeddedWhisperTranscriber, tmp_path: Path, said: str
) -> None:
    """The whole way of a voice message, with every engine and ffmpeg as they are."""
    speech = await through_telegram(await mouth.speak(said, ENGLISH), tmp_path)
    heard = await ear.transcribe(speech, "")
    assert (words(said), "en") == (words(heard.text), heard.language)


@pytest.mark.parametrize(
    ("text", "timbre", "shortest", "longest"),
    [
        (MILK, ENGLISH, 2.5, 6),
        (MILK, Timbre("en", "espeak-en"), 2.5, 6),
        ("Сегодня хорошая погода, пойдём гулять.", Timbre("ru"), 1.5, 6),
        ("Сьогодні гарна погода, ходімо гуляти.", Timbre("uk"), 1.5, 6),
        ("你好，今天天气很好。", Timbre("zh"), 1, 6),
    ],
)
async def test_there_is_a_voice_for_every_language(
    mouth: EmbeddedPiperSynthesizer, text: str, timbre: Timbre, shortest: float, longest: float
) -> None:
    """Where Piper has none, a robot reads, and takes about as long as a person would."""
    assert shortest < seconds(await mouth.speak(text, timbre)) < longest


@pytest.mark.parametrize("timbre", [Timbre("en"), Timbre("ru")], ids=["Piper", "espeak-ng"])
async def test_speed_is_twice_as_fast_or_half(
    mouth: EmbeddedPiperSynthesizer, timbre: Timbre
) -> None:
    """Whatever else is asked for is held to what can be understood."""
    text = "one two three four five six seven eight nine ten"
    slow, plain, fast, fastest = [
        seconds(await mouth.speak(text, Timbre(timbre.language, speed=speed)))
        for speed in (0.0, 1.0, 2.0, float("inf"))
    ]
    assert 1.5 * plain < slow < 3 * plain
    assert plain / 3 < fast < plain / 1.3
    assert plain / 5 < fastest < fast


async def test_it_tells_its_voices(mouth: EmbeddedPiperSynthesizer) -> None:
    """The basic ones by their names, so that nobody is disappointed."""
    await mouth.aclose()
    ready = await mouth.ready()
    assert ("en_US-joe-medium", "espeak-ng") == ready.models
    assert () == ready.loaded
    wanted = {("en_US-joe-medium", "en"), ("espeak-en", "en"), ("espeak-uk", "uk")}
    assert {VoiceOffer(*one) for one in wanted} <= {*ready.voices}
    assert len(ready.voices) == len({*ready.voices})
    await mouth.speak("Now.", ENGLISH)
    assert ready.models == (await mouth.ready()).loaded


async def test_it_can_be_woken_before_there_is_something_to_say(
    mouth: EmbeddedPiperSynthesizer,
) -> None:
    """Who is awake already stays as it is."""
    await mouth.aclose()
    await mouth.warm(ENGLISH)
    awake = mouth.pids
    assert 1 == len(awake)
    await mouth.warm(ENGLISH)
    await mouth.speak("Now.", ENGLISH)
    assert awake == mouth.pids


@pytest.mark.parametrize("name", ["espeak-uk", "no-such-voice"])
async def test_a_voice_of_another_language_is_not_taken(
    mouth: EmbeddedPiperSynthesizer, name: str
) -> None:
    """The one that suits the language is."""
    with wave.open(io.BytesIO(await mouth.speak(MILK, Timbre("en", name)))) as file:
        assert file.getframerate() == 22_050
    assert 2.5 < seconds(await mouth.speak(MILK, Timbre("en", name))) < 6


async def test_a_language_that_nobody_speaks_is_told(mouth: EmbeddedPiperSynthesizer) -> None:
    """With what may bring a voice."""
    with pytest.raises(ModelMissing) as caught:
        await mouth.speak("qapla", Timbre("xx"))
    assert "a voice for xx" == caught.value.model
    assert "piper.download_voices" in caught.value.cure


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("text", ["", " \n", "...", "\0", "[[", "🙂", "\ud800", "x\u202e\u0301"])
async def test_whatever_the_text_is_made_of_a_recording_comes_back(
    mouth: EmbeddedPiperSynthesizer, language: str, text: str
) -> None:
    """A model may write anything, and people may make it."""
    assert 0 <= seconds(await mouth.speak(text, Timbre(language))) < 10


async def test_phonemes_are_no_secret_language(mouth: EmbeddedPiperSynthesizer) -> None:
    """What stands in double brackets is read as what it is."""
    plain = seconds(await mouth.speak("a b c d e f g h", ENGLISH))
    assert abs(plain - seconds(await mouth.speak("[[a b c d e f g h]]", ENGLISH))) < plain / 2


async def test_a_text_that_is_too_long_is_refused(mouth: EmbeddedPiperSynthesizer) -> None:
    """The longest one that is taken fits into the line that the child may say."""
    with pytest.raises(BackendRejected, match="speaks 2000 characters at a time"):
        await mouth.speak("x" * (LONGEST + 1), Timbre("ru"))
    assert seconds(await mouth.speak("щ" * LONGEST, Timbre("ru", speed=0.5))) > 60


async def test_killed_while_it_speaks_it_is_unavailable_and_then_speaks_again(
    mouth: EmbeddedPiperSynthesizer,
) -> None:
    """The chain asks the next backend meanwhile."""
    await mouth.speak("Now.", ENGLISH)
    (child,) = mouth.pids
    async with asyncio.TaskGroup() as group:
        work = group.create_task(lost(mouth), name="a long text")
        await until(lambda: not mouth.pids)  # it is at work
        os.kill(child, signal.SIGKILL)
    assert "died while it worked" == work.result().reason
    assert seconds(await mouth.speak("Again.", ENGLISH)) > 0


async def lost(mouth: EmbeddedPiperSynthesizer) -> BackendUnavailable:
    """What a text ends in that cannot be spoken."""
    with pytest.raises(BackendUnavailable) as caught:
        await mouth.speak(MILK * 20, ENGLISH)
    return caught.value


async def test_a_cancelled_text_frees_the_processor(mouth: EmbeddedPiperSynthesizer) -> None:
    """Nobody speaks for somebody who has pressed stop."""
    await mouth.speak("Now.", ENGLISH)
    child = psutil.Process(mouth.pids[0])
    work = asyncio.create_task(mouth.speak(MILK * 20, ENGLISH), name="a long text")
    await until(lambda: not mouth.pids)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not child.is_running()


async def test_a_damaged_voice_is_told(tmp_path: Path) -> None:
    """The operator has put it there, and hears that it does not load."""
    async with true_mouth(tmp_path) as mouth:
        home = tmp_path / "models" / "piper"
        home.mkdir(parents=True)
        (home / "broken.onnx").write_bytes(b"no model")
        (home / "broken.onnx.json").write_text('{"language": {"code": "en"}}')
        with pytest.raises(BackendUnavailable, match="died while it worked"):
            await mouth.speak("Now.", ENGLISH)
