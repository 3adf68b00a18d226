"""The true servers: what one says the other hears."""

import wave
from pathlib import Path

import pytest

from domain.errors import ModelMissing
from domain.speech import Speech, Timbre
from services.backends.wyoming import WyomingSynthesizer, WyomingTranscriber
from services.skills import VoiceOffer
from services.sound.convert import Converter
from services.sound.ffmpeg import Ffmpeg
from services.wire import Wire
from services.words import Words
from tests.real_servers import PIPER_VOICE

TEXT = "Good morning, my friend. The weather is very nice today. See you tomorrow"

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]


def words(text: str) -> list[str]:
    """The words of a text, without case and marks."""
    return ["".join(filter(str.isalnum, word)) for word in text.lower().split()]


async def as_speech(file: bytes, room: Path) -> Speech:
    """A WAV file in the form that transcribers take."""
    path = room / "said.wav"
    path.write_bytes(file)
    return await Converter(Ffmpeg()).convert(path, room, Words(Path("no catalogues")).speak("en"))


@pytest.mark.parametrize("language", ["en", ""])
async def test_what_piper_says_whisper_hears(
    wire: Wire, tmp_path: Path, piper_server: str, whisper_server: str, language: str
) -> None:
    """Several sentences, word for word; the language may be found out."""
    mouth = WyomingSynthesizer(wire, piper_server, {"en": PIPER_VOICE})
    ear = WyomingTranscriber(wire, whisper_server)
    speech = await as_speech(await mouth.speak(TEXT, Timbre("en")), tmp_path)
    heard = await ear.transcribe(speech, language)
    assert words(TEXT) == words(heard.text)
    assert language == heard.language


async def test_piper_is_found_out_without_any_configuration(wire: Wire, piper_server: str) -> None:
    """It lists voices that are not there; the one that is there is found."""
    mouth = WyomingSynthesizer(wire, piper_server)
    ready = await mouth.ready()
    assert ("piper",) == ready.models
    assert VoiceOffer(PIPER_VOICE, "en") in ready.voices
    assert any(voice.language == "uk" for voice in ready.voices)
    assert (await mouth.speak("Hello.", Timbre("en"))).startswith(b"RIFF")
    with pytest.raises(ModelMissing, match="a voice for uk"):
        await mouth.speak("Добрий день.", Timbre("uk"))


async def test_whisper_says_which_model_it_has(
    wire: Wire, whisper_server: str, tmp_path: Path
) -> None:
    """And hears nothing where nothing is said."""
    ear = WyomingTranscriber(wire, whisper_server)
    (model,) = (await ear.ready()).models
    assert model.endswith("whisper-base")
    path = tmp_path / "nothing.wav"
    with wave.open(str(path), "wb") as written:
        written.setparams((1, 2, 16_000, 0, "NONE", ""))
    assert "" == (await ear.transcribe(Speech(path, 0), "en")).text
