"""A fake Wyoming server that hears and speaks; `python -m tests.fakes.wyoming` runs one.

It reads and writes events with the library that the true servers use.
"""

from __future__ import annotations

import asyncio
import math
import re
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from wyoming.event import Event, async_read_event, async_write_event

from tests.fakes.serving import Cut, Fake, Request, Script, command_line, pieces_of

RATE = 22050
FORM: dict[str, Any] = {"rate": RATE, "width": 2, "channels": 1, "timestamp": None}
CHUNK = 2048
BY = {"attribution": {"name": "nobody", "url": "https://example.org"}, "installed": True}
WORD = b"".join(
    struct.pack("<h", round(8000 * math.sin(2 * math.pi * 440 * at / RATE)))
    for at in range(RATE // 5)
)
"""How each word sounds: a fifth of a second of a tone."""

Said = tuple[str, dict[str, Any], bytes]


@dataclass(slots=True)
class Talents:
    """What the fake can do.

    `voices` maps the names that it lists to their languages; those in `absent` fail when they are
    asked for. `streams` takes texts in pieces and tells transcripts in pieces. A fake without
    `models` does not hear, one without voices does not speak. `language` is told with transcripts.
    A recording of more than `bears` bytes is refused before its end.
    """

    models: tuple[str, ...] = ("tiny",)
    voices: dict[str, str] = field(default_factory=lambda: {"en_US-joe-medium": "en_US"})
    absent: set[str] = field(default_factory=set)
    streams: bool = True
    language: str | None = None
    bears: int | None = None


@dataclass(eq=False, slots=True)
class Line:
    """One connection, and what was asked on it so far."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    noted: Request
    streaming: bool = False
    text: str = ""
    pcm: bytearray = field(default_factory=bytearray)

    async def say(self, kind: str, data: dict[str, Any], pcm: bytes = b"") -> None:
        """Send an event."""
        await async_write_event(Event(kind, data, pcm or None), self.writer)

    async def wait_until_left(self) -> None:
        """Read on until the client closes."""
        with suppress(ConnectionError):
            while await self.reader.read(1 << 16):
                pass
        raise Cut


class FakeWyoming(Fake):
    """A server with `talents`, playing `script`; `recordings` are the sounds that it was sent.

    Of the script, `answer` is the transcript, or makes it of the question; `hang_after`,
    `break_after` and `error_after` count the pieces of an answer, the connection breaks in
    mid-payload, and `status` other than 200 answers with an error event of which `error` is the
    data. `words_per_second` are those that are heard or spoken. `garbage` is said instead of any
    answer, without end when `endless`.
    """

    def __init__(
        self, script: Script | None = None, talents: Talents | None = None, port: int = 0
    ) -> None:
        super().__init__(script, port)
        self.talents = talents or Talents()
        self.recordings: list[bytes] = []
        self.garbage = b""
        self.endless = False
        self._talks = set[asyncio.Future[None]]()
        self._server: asyncio.Server | None = None

    def routes(self) -> list[web.RouteDef]:
        """None: this wire is not HTTP."""
        return []

    async def start(self) -> None:
        """Listen; after a stop on the same port again."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self._port, backlog=1024)
        self._port = self._server.sockets[0].getsockname()[1]
        self.url = f"tcp://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Stop listening and cut all connections."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for talk in self._talks:
            talk.cancel()
        if self._talks:
            await asyncio.wait(self._talks)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # a task of its own: asyncio logs a cancelled callback as an error
        talk = asyncio.ensure_future(self._converse(Line(reader, writer, Request("", {}, {}))))
        self._talks.add(talk)
        await asyncio.wait({talk})
        self._talks.discard(talk)
        writer.close()
        if not talk.cancelled():
            talk.result()  # a mistake of the fake must not go unnoticed

    async def _converse(self, line: Line) -> None:
        try:
            while (event := await async_read_event(line.reader)) is not None:
                await self._play(line, event)
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            if not line.noted.ended:
                line.noted.left.set()

    async def _play(self, line: Line, event: Event) -> None:
        hearing = {"transcribe", "audio-start", "audio-chunk", "audio-stop"}
        if event.type in {"describe", "transcribe", "synthesize-start"}:
            await self._write_down(line, event.type, event.data)
        if event.type == "describe":
            await self._answer(line, [("info", self._info(), b"")])
        elif event.type in hearing:
            await self._listen(line, event)
        else:
            await self._read(line, event)

    async def _listen(self, line: Line, event: Event) -> None:
        line.pcm += event.payload or b""
        if self.talents.bears is not None and len(line.pcm) > self.talents.bears:
            await self._fail(line, self.script.error)
        if event.type == "audio-stop":
            await self._transcribe(line)

    async def _read(self, line: Line, event: Event) -> None:
        match event.type:
            case "synthesize-start":
                line.streaming = True
            case "synthesize-chunk":
                line.text += event.data["text"]
            case "synthesize-stop":
                await self._answer(line, self._stream(line))
            case "synthesize" if not line.streaming:
                await self._write_down(line, event.type, event.data)
                line.text = event.data["text"]
                await self._answer(line, self._plain(line))

    async def _write_down(self, line: Line, kind: str, data: dict[str, Any]) -> None:
        line.noted = Request(kind, data, {})
        self.requests.append(line.noted)
        async with self.came:
            self.came.notify_all()
        if self.script.deaf:
            await line.wait_until_left()

    async def _answer(self, line: Line, events: Iterable[Said]) -> None:
        """Say what the script leaves of an answer."""
        script = self.script
        if self.garbage and line.noted.path != "describe":
            await self._talk_nonsense(line)
        await asyncio.sleep(script.first_after)
        voice = self._voice(line)
        if script.status != 200 and line.noted.path != "describe":
            await self._fail(line, script.error)
        if voice in self.talents.absent or (voice and voice not in self.talents.voices):
            await self._fail(line, {"text": voice, "code": "VoiceNotFoundError"})
        due = time.monotonic()
        for number, (kind, data, pcm) in enumerate(events):
            await self._break(line, number if line.noted.path != "describe" else -1)
            await asyncio.sleep(max(due - time.monotonic(), 0))
            await line.say(kind, data, pcm)
            words = len(pcm) / len(WORD) + (kind == "transcript-chunk")
            due += words / script.words_per_second if script.words_per_second else 0
            line.noted.sent += 1
        line.noted.ended = time.monotonic()

    async def _break(self, line: Line, number: int) -> None:
        """Fail before the piece of this number if the script wants it."""
        script = self.script
        if number == script.error_after:
            await self._fail(line, script.error)
        if number == script.hang_after:
            await line.wait_until_left()
        if number == script.break_after:
            line.writer.write(b'{"type": "audio-chunk", "payload_length": 2048}\n' + WORD[:1000])
            await line.writer.drain()
            raise Cut

    async def _fail(self, line: Line, error: object) -> None:
        """Say what is wrong and close, as the true servers do."""
        await line.say("error", error if isinstance(error, dict) else {"text": error})
        raise Cut

    async def _talk_nonsense(self, line: Line) -> None:
        line.writer.write(self.garbage)
        await line.writer.drain()
        while self.endless:
            line.writer.write(self.garbage)
            await line.writer.drain()
        await line.wait_until_left()

    async def _transcribe(self, line: Line) -> None:
        if line.noted.path != "transcribe":
            await self._write_down(line, "transcribe", {})
        self.recordings.append(bytes(line.pcm))
        text = self.script.text(line.noted.body) if line.pcm else ""
        told = {"language": self.talents.language} if self.talents.language else {}
        whole: Said = ("transcript", {"text": text, **told}, b"")
        if not (self.talents.streams and line.pcm):
            await self._answer(line, [whole])
            return
        pieces: list[Said] = [
            ("transcript-chunk", {"text": piece}, b"") for piece in pieces_of(text)
        ]
        stop: Said = ("transcript-stop", {}, b"")
        await self._answer(line, [("transcript-start", told, b""), *pieces, whole, stop])

    def _plain(self, line: Line) -> Iterator[Said]:
        pcm = b"".join(_spoken(sentence) for sentence in _sentences(line.text))
        yield from _sound(pcm) if pcm else [("audio-stop", {"timestamp": None}, b"")]

    def _stream(self, line: Line) -> Iterator[Said]:
        for sentence in _sentences(line.text):
            yield from _sound(_spoken(sentence))
        yield "synthesize-stopped", {}, b""

    def _voice(self, line: Line) -> str:
        """The voice that is asked for; without any, the fake has one of its own."""
        voice = line.noted.body.get("voice") or {}
        return voice.get("name") or ""

    def _info(self) -> dict[str, Any]:
        talents, program = self.talents, {**BY, "description": "a fake", "version": "1"}
        languages = ["en", "ru", "uk"]
        models = [program | {"name": name, "languages": languages} for name in talents.models]
        voices = [
            program | {"name": name, "languages": [language], "speakers": None}
            for name, language in talents.voices.items()
        ]
        hearing = {
            "name": "fake-hearing",
            "models": models,
            "supports_transcript_streaming": talents.streams,
            "requires_external_vad": True,
            "prefers_auto_gain_enabled": True,
            "prefers_noise_reduction_enabled": True,
        }
        saying = {"voices": voices, "supports_synthesize_streaming": talents.streams}
        return {
            "asr": [program | hearing] if models else [],
            "tts": [program | {"name": "fake-voices"} | saying] if voices else [],
            **{other: [] for other in ("handle", "intent", "wake", "mic", "snd")},
        }


def _sound(pcm: bytes) -> Iterator[Said]:
    """A start, pieces of the size that the true servers send, a stop."""
    yield "audio-start", FORM, b""
    for at in range(0, len(pcm), CHUNK):
        yield "audio-chunk", FORM, pcm[at : at + CHUNK]
    yield "audio-stop", {"timestamp": None}, b""


def _sentences(text: str) -> list[str]:
    return [one for one in re.split(r"(?<=[.!?])\s+", text.strip()) if one]


def _spoken(sentence: str) -> bytes:
    return WORD * len(sentence.split())


if __name__ == "__main__":
    command_line(__doc__, lambda script, port: FakeWyoming(script, port=port))
