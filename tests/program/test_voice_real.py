"""People talk to the bot, and it talks back, with true engines at both ends of every wire."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from domain.speech import Timbre
from playground.server import Playground
from services.sound.encoding import voice_file
from services.sound.ffmpeg import Ffmpeg
from services.sound.joining import spoken as joined
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import Program, ollama, running, table, write_config
from tests.program.house import House, final, spoken
from tests.services.backends.conftest import true_mouth
from tests.services.recordings import alike
from tests.telegram import Person

# programs and servers take seconds to start, so all tests share them and a loop
pytestmark = [
    pytest.mark.engine,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(300),
]

MILK = "Please remind me to buy milk, bread and coffee on the way home."
MOON = "I would like to know how far away the moon is from the earth."
RUSSIAN = "Пожалуйста, напомни мне завтра позвонить маме."
NOTE = Path(__file__).parents[1] / "captures" / "speech" / "russian.ogg"

PATIENCE = 90.0
"""Seconds that engines may take on a busy machine, which have to be loaded first."""


@pytest.fixture(scope="session")
def embedded() -> str:
    """The engines that come with the bot."""
    ear = "services.backends.embedded_whisper:EmbeddedWhisperTranscriber"
    mouth = "services.backends.embedded_piper:EmbeddedPiperSynthesizer"
    return table("hear", use=ear) + table("speak", use=mouth)


@pytest.fixture(scope="session")
def piper_and_whisper(piper_http_server: str, whisper_server: str) -> str:
    """Piper's own HTTP server, and wyoming-faster-whisper."""
    mouth = "services.backends.piper_http:PiperHttpSynthesizer"
    return _wyoming_ear(whisper_server) + table("speak", use=mouth, url=piper_http_server)


@pytest.fixture(scope="session")
def wyoming(piper_server: str, whisper_server: str) -> str:
    """Both of the Wyoming family."""
    mouth = "services.backends.wyoming:WyomingSynthesizer"
    return _wyoming_ear(whisper_server) + table("speak", use=mouth, url=piper_server)


def _wyoming_ear(url: str) -> str:
    return table("hear", use="services.backends.wyoming:WyomingTranscriber", url=url)


@pytest.fixture(scope="session", params=["embedded", "piper_and_whisper", "wyoming"])
def engines(request: pytest.FixtureRequest) -> str:
    """Who hears and who speaks, in the words of the configuration."""
    tables: str = request.getfixturevalue(request.param)
    return tables


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def parlour(engines: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The program with true engines; only what it answers is made up."""
    folder = tmp_path_factory.mktemp("parlour")
    async with Playground() as play, FakeOllama(Script(MOON)) as model:
        write_config(folder, play.url, ollama(model.url) + engines)
        async with running(Program(folder, play.url)) as started:
            house = House(play, model, started)
            yield house
            await house.put_away()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def note(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Somebody says a sentence into their telephone: Piper, in Ogg/Opus as Telegram sends it."""
    room = tmp_path_factory.mktemp("note")
    async with true_mouth(room) as mouth:
        sound = await mouth.speak(MILK, Timbre("en"))
    async with voice_file(room / "note.ogg", Ffmpeg(), 60) as file:
        await file.add(await joined(sound, room, Ffmpeg()))
        path, _ = await file.finish()
    return path.read_bytes()


def words(text: str) -> list[str]:
    """Without case and marks."""
    return re.findall(r"\w+", text.lower())


async def written(person: Person) -> str:
    """The text of the next answer."""
    done = await person.wait_reply(lambda m: "text" in m and final(m), PATIENCE)
    return str(done["text"])


async def test_what_is_said_is_heard_and_what_is_answered_can_be_heard(
    parlour: House, note: bytes
) -> None:
    """The words of the note stand above the answer, and the voice message says the answer's."""
    zoe = await parlour.person()
    await zoe.attach("voice", note, duration=4)
    voice = await zoe.wait_reply(spoken, PATIENCE)
    assert words(f"{MILK} {MOON}") == words(await written(zoe))
    assert "audio/ogg" == voice["voice"]["mime_type"]
    assert 2 < voice["voice"]["duration"] < 7
    await zoe.send("/transcribe", reply_to_message_id=voice["message_id"])
    assert words(MOON) == words(await written(zoe))


@pytest.mark.parametrize("engines", ["embedded"], indirect=True)
async def test_a_russian_note_is_found_out_to_be_russian(parlour: House) -> None:
    """Nobody told the engine."""
    ivan = await parlour.person("Ivan", "ru")
    await ivan.attach("voice", NOTE, duration=4)
    text = await written(ivan)
    assert alike(f"{RUSSIAN} {MOON}", text), text
