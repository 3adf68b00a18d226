"""The embedded ear: what it hears, that it hears nothing in noise, and how it lives."""

import asyncio
import os
import random
import signal
import wave
from array import array
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from domain.errors import BackendRejected, BackendUnavailable
from domain.speech import Speech, Transcript
from services.backends.embedded_whisper import EmbeddedWhisperTranscriber
from services.skills import Ready
from services.sound.convert import Converter
from services.sound.ffmpeg import Ffmpeg
from services.whisper_child import prepare
from services.whisper_weights import BASE, find
from services.words import Words
from tests.services.backends.conftest import true_ear
from tests.services.ground import until
from tests.services.recordings import alike

# one engine serves all its tests, so they share a loop
pytestmark = pytest.mark.asyncio(loop_scope="module")

CAPTURES = Path(__file__).parents[2] / "captures" / "speech"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ear(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[EmbeddedWhisperTranscriber]:
    """The true engine; its weights are joined once."""
    async with true_ear(tmp_path_factory.mktemp("data")) as ear:
        yield ear


def wav(path: Path, samples: Iterable[int], rate: int = 16_000) -> Speech:
    """A recording of these samples."""
    said = array("h", samples)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(said.tobytes())
    return Speech(path, len(said) / rate)


@dataclass(slots=True)
class Watcher:
    """Whisper's look, and what it looked at."""

    look: Callable[[Any], Any]
    looked: list[Any] = field(default_factory=list)

    def __call__(self, window: Any) -> Any:
        """Look."""
        self.looked.append(window)
        return self.look(window)


async def russian(room: Path) -> Speech:
    """A voice note as Telegram sends it, in the form that transcribers take."""
    voice = Words(Path("no catalogues")).speak("en")
    return await Converter(Ffmpeg()).convert(CAPTURES / "russian.ogg", room, voice)


@pytest.mark.engine
@pytest.mark.parametrize("language", ["", "ru", "xx"])
async def test_a_russian_note_is_written_down(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path, language: str
) -> None:
    """Whether its language is told or found out; one that Whisper does not know is found out."""
    heard = await ear.transcribe(await russian(tmp_path), language)
    assert alike("Пожалуйста, напомни мне завтра позвонить маме.", heard.text), heard.text
    assert "ru" == heard.language
    (segment,) = heard.segments
    assert heard.text == segment.text
    assert 0 <= segment.start < segment.end <= 4


@pytest.mark.engine
async def test_to_find_out_the_language_costs_no_second_look(tmp_path: Path) -> None:
    """Looking is most of the work, so who speaks some language waits no longer than it takes."""
    weights = find(tmp_path, "")
    assert weights is not None
    parts = [str(one) for one in weights.parts]
    ear = prepare({"home": str(weights.home), "parts": parts, "threads": 1})
    watcher = ear.model.encode.look = Watcher(ear.model.encode.look)
    note = await russian(tmp_path)
    told = ear({"path": str(note.path), "language": "ru"})
    assert 1 == len(watcher.looked)
    ear.model.encode(watcher.looked[0] * 0)  # another recording is heard meanwhile
    assert told == ear({"path": str(note.path), "language": ""})
    assert 3 == len(watcher.looked)


@pytest.mark.engine
@pytest.mark.parametrize("loudness", [0, 3000], ids=["silence", "noise"])
@pytest.mark.parametrize("seconds", [0, 0.01, 4])
async def test_silence_and_noise_are_no_words(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path, loudness: int, seconds: float
) -> None:
    """Whisper likes to invent some; and a recording may have no length at all."""
    chance = random.Random(1)
    samples = (int(chance.gauss(0, loudness)) for _ in range(int(seconds * 16_000)))
    assert Transcript("") == await ear.transcribe(wav(tmp_path / "it.wav", samples), "")


@pytest.mark.engine
async def test_what_is_no_recording_is_refused(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path
) -> None:
    """Nothing but the one form of sound gets to the engine, which would read anything."""
    paths = [CAPTURES / "russian.ogg", tmp_path / "empty.wav", tmp_path / "short.wav"]
    paths[1].touch()
    paths[2].write_bytes(wav(tmp_path / "fast.wav", [0] * 80, rate=8000).path.read_bytes()[:20])
    for path in (*paths, tmp_path / "fast.wav"):
        with pytest.raises(BackendRejected, match="cannot do this one"):
            await ear.transcribe(Speech(path, 1.0), "")


@pytest.mark.engine
async def test_it_starts_with_the_first_note_and_again_when_it_was_killed(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path
) -> None:
    """Nobody pays for it who has a better one; who speaks next does not notice."""
    await ear.aclose()
    assert Ready((BASE,), ()) == await ear.ready()
    silence = wav(tmp_path / "silence.wav", [0] * 16_000)
    await ear.transcribe(silence, "")
    assert Ready((BASE,), (BASE,)) == await ear.ready()
    (first,) = ear.pids
    os.kill(first, signal.SIGKILL)
    await until(lambda: not ear.pids)
    await ear.transcribe(silence, "")
    assert first not in ear.pids


@pytest.mark.engine
async def test_it_can_be_woken_before_the_first_note(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path
) -> None:
    """Who is awake already stays as it is."""
    await ear.aclose()
    await ear.warm()
    awake = ear.pids
    assert Ready((BASE,), (BASE,)) == await ear.ready()
    await ear.warm()
    await ear.transcribe(wav(tmp_path / "silence.wav", [0] * 16_000), "")
    assert awake == ear.pids


@pytest.mark.engine
async def test_killed_while_it_hears_it_is_unavailable_and_then_hears_again(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path
) -> None:
    """The chain asks the next backend meanwhile."""
    await ear.transcribe(wav(tmp_path / "silence.wav", [0] * 16_000), "")
    (child,) = ear.pids
    note = await russian(tmp_path)
    async with asyncio.TaskGroup() as group:
        work = group.create_task(lost(ear, note), name="a note")
        await until(lambda: not ear.pids)  # it is at work
        os.kill(child, signal.SIGKILL)
    assert "died while it worked" == work.result().reason
    assert (await ear.transcribe(note, "ru")).text


async def lost(ear: EmbeddedWhisperTranscriber, speech: Speech) -> BackendUnavailable:
    """What a note ends in that cannot be heard."""
    with pytest.raises(BackendUnavailable) as caught:
        await ear.transcribe(speech, "ru")
    return caught.value


@pytest.mark.engine
async def test_a_cancelled_note_frees_the_processor(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path
) -> None:
    """Nobody computes for somebody who has pressed stop."""
    await ear.transcribe(wav(tmp_path / "silence.wav", [0] * 16_000), "")
    child = psutil.Process(ear.pids[0])
    note = await russian(tmp_path)
    work = asyncio.create_task(ear.transcribe(note, ""), name="a note")
    await until(lambda: not ear.pids)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not child.is_running()


async def test_without_weights_it_says_how_to_get_some(tmp_path: Path) -> None:
    """The operator reads a command, not a traceback."""
    ear = EmbeddedWhisperTranscriber(tmp_path, weights="no-such-weights")
    for call in (ear.ready(), ear.transcribe(Speech(tmp_path / "x.wav", 1.0), "")):
        with pytest.raises(BackendUnavailable) as caught:
            await call
        assert caught.value.down
        assert "run: " in caught.value.reason
    assert "" == ear.model


@pytest.mark.engine
async def test_weights_that_are_damaged_are_told(
    ear: EmbeddedWhisperTranscriber, tmp_path: Path
) -> None:
    """The engine says no and is gone; nothing waits for it."""
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    damaged = EmbeddedWhisperTranscriber(tmp_path, weights=str(tmp_path))
    with pytest.raises(BackendUnavailable) as caught:
        await damaged.transcribe(wav(tmp_path / "silence.wav", [0]), "")
    assert caught.value.down
    assert () == damaged.pids
