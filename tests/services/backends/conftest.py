"""What the tests of the backends share: a question, and the true engines."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from domain.messages import Role, Turn
from services.backends.embedded_llama import EmbeddedLlamaChat
from services.backends.embedded_piper import EmbeddedPiperSynthesizer
from services.backends.embedded_whisper import EmbeddedWhisperTranscriber
from services.embedded_voices import Piper, voices
from services.skills import ChatModel, ChatOptions
from services.weights import find
from services.whisper_weights import find as find_whisper
from services.wire import Wire

HELLO = [Turn(Role.SYSTEM, "Be brief."), Turn(Role.USER, "Say hello to me, please.")]


async def heard(backend: ChatModel, options: ChatOptions | None = None) -> list[str]:
    """The pieces of an answer to HELLO."""
    return [piece async for piece in backend.stream(HELLO, options or ChatOptions())]


@asynccontextmanager
async def true_engine(wire: Wire, data_dir: Path) -> AsyncIterator[EmbeddedLlamaChat]:
    """The embedded engine with one place and a small context; stopped afterwards."""
    if find_spec("xllamacpp") is None or find(data_dir) is None:
        pytest.skip("the embedded engine or its weights are not installed; run: make install")
    engine = EmbeddedLlamaChat(wire, data_dir, slots=1, n_ctx=512)
    try:
        yield engine
    finally:
        await engine.aclose()


@asynccontextmanager
async def true_ear(data_dir: Path) -> AsyncIterator[EmbeddedWhisperTranscriber]:
    """The embedded Whisper; stopped afterwards."""
    if find_spec("faster_whisper") is None or find_whisper(data_dir) is None:
        pytest.skip("faster-whisper or its weights are not installed; run: make install")
    ear = EmbeddedWhisperTranscriber(data_dir)
    try:
        yield ear
    finally:
        await ear.aclose()


@asynccontextmanager
async def true_mouth(data_dir: Path) -> AsyncIterator[EmbeddedPiperSynthesizer]:
    """The embedded Piper and espeak-ng; stopped afterwards."""
    kinds = {type(one) for one in voices(data_dir)}
    if len(kinds) < 2 or Piper not in kinds:
        pytest.skip("Piper, its voice or espeak-ng is not installed; run: make install")
    mouth = EmbeddedPiperSynthesizer(data_dir)
    try:
        yield mouth
    finally:
        await mouth.aclose()
