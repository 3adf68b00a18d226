"""A fake of whisper.cpp's server; `python -m tests.fakes.whisper_cpp` runs one."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from tests.fakes.serving import Cut, Fake, Request, Script, command_line

HEADERS = {"Server": "whisper.cpp", "Keep-Alive": "timeout=5, max=100"}
DECODED = (b"ID3", b"\xff\xfb", b"fLaC")
WIDEST = 60
"""Characters of a segment; what is longer is cut, within a word unless told otherwise."""


class FakeWhisperCpp(Fake):
    """Hears what the script says, one recording after another, however many ask.

    Each line of the answer is a segment. `language` is what it finds out by itself, `loading` the
    state after a failed `/load`, `converts` whether it was started with `--convert`.
    """

    def __init__(self, script: Script | None = None, port: int = 0) -> None:
        super().__init__(script or Script("Hello there."), port)
        self.inference_path = "/inference"
        self.language = "english"
        self.converts = False
        self.loading = False
        self.most_at_once = 0
        self.mutex = asyncio.Lock()
        self._inside = 0

    def routes(self) -> list[web.RouteDef]:
        """The routes that the bot and its operators use."""
        return [
            self.route("GET", "/health", self._health),
            self.route("POST", "/load", self._load),
            self.route("*", "/{other:.*}", self._other),
        ]

    async def _health(self, request: web.Request, _noted: Request) -> web.Response:
        return _nowhere(request) if self.loading else _answer({"status": "ok"})

    async def _load(self, _request: web.Request, noted: Request) -> web.Response:
        async with self.mutex:
            self.loading = True
            if noted.body.get("model") != "there.bin":
                return _said("Invalid request", 400)
            self.loading = False
            return _said("Load was successful!", kind="application/text")

    async def _other(self, request: web.Request, noted: Request) -> web.Response:
        if request.method != "POST" or request.path != self.inference_path:
            return _nowhere(request)
        async with self.mutex:
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
            try:
                return await self._infer(request, noted)
            finally:
                self._inside -= 1

    async def _infer(self, request: web.Request, noted: Request) -> web.Response:
        seconds = length(noted.body.get("file"))
        if seconds is None and not self.converts:
            return _said("Invalid request", 400)
        if self.script.status != 200:
            return self._refused(request)
        if not _is_number(noted.body.get("temperature", "0")):
            return _said("500 Internal Server Error\nstof", 500)
        await asyncio.sleep(self.script.first_after + (seconds or 0.0) * self.script.realtime)
        if self.script.break_after is not None:
            raise Cut
        return self._heard(noted.body, seconds or 0.0)

    def _refused(self, request: web.Request) -> web.Response:
        """Refuse as the true one does, whose own words for 4xx never arrive."""
        if self.script.status in {404, 499, 503}:
            return _nowhere(request)
        if self.script.status < 500:
            return _said("Invalid request", self.script.status)
        return _answer({"error": self.script.error}, self.script.status)

    def _heard(self, body: Mapping[str, Any], seconds: float) -> web.Response:
        lines = cut(self.script.text(body), whole_words=body.get("split_on_word") == "true")
        match body.get("response_format", "json"):
            case "text":
                return _said("".join(f"{line}\n" for line in lines), kind="text/html")
            case "srt":
                return _said("".join(_timed(lines, seconds)), kind="application/x-subrip")
            case "vtt":
                return _said("WEBVTT\n\n" + "".join(_timed(lines, seconds)), kind="text/vtt")
            case "verbose_json":
                return _answer(self._verbose(body, lines, seconds))
        return _answer({"text": "".join(f"{line}\n" for line in lines)})

    def _verbose(
        self, body: Mapping[str, Any], lines: Sequence[str], seconds: float
    ) -> dict[str, object]:
        asked = body.get("language", "en")
        found = self.language if asked == "auto" else LANGUAGES.get(asked, asked)
        said: dict[str, object] = {
            "task": "transcribe",
            "language": found,
            "duration": seconds,
            "text": "".join(f"{line}\n" for line in lines),
            "segments": _segments(lines, seconds),
        }
        if body.get("no_language_probabilities") == "true":
            return said
        more = {"detected_language": self.language, "detected_language_probability": 0.5}
        return said | more | {"language_probabilities": {"en": 0.5}}


LANGUAGES = {"en": "english", "ru": "russian", "uk": "ukrainian", "de": "german"}


def length(file: object) -> float | None:
    """The seconds of a recording, None where whisper.cpp could not read it."""
    if not isinstance(file, bytes):
        return None
    try:
        with wave.open(io.BytesIO(file)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError):
        vorbis = file.startswith(b"OggS") and b"\x01vorbis" in file[:64]
        return 0.0 if file.startswith(DECODED) or vorbis else None


def cut(text: str, *, whole_words: bool) -> list[str]:
    """The segments of a text: its lines, each at most so wide, with the spaces before words."""
    found = []
    for line in text.splitlines():
        rest = f" {line}"
        while len(rest) > WIDEST:
            at = rest.rfind(" ", 1, WIDEST) if whole_words else WIDEST
            at = at if at > 0 else WIDEST
            found.append(rest[:at])
            rest = rest[at:]
        found.append(rest)
    return found


def _segments(lines: Sequence[str], seconds: float) -> list[dict[str, object]]:
    step = seconds / len(lines) if lines else 0.0
    return [
        {
            "id": number,
            "text": line,
            "start": round(number * step, 2),
            "end": round((number + 1) * step, 2),
            "tokens": [50364 + number],
            "words": [{"word": line, "start": 0.0, "end": step, "t_dtw": -1, "probability": 0.9}],
            "temperature": 0.0,
            "avg_logprob": -0.2,
            "no_speech_prob": 0.01,
        }
        for number, line in enumerate(lines)
    ]


def _timed(lines: Sequence[str], seconds: float) -> list[str]:
    step = seconds / len(lines) if lines else 0.0
    return [f"{n * step:.3f} --> {(n + 1) * step:.3f}\n{line}\n\n" for n, line in enumerate(lines)]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _nowhere(request: web.Request) -> web.Response:
    return _said(f"File Not Found ({request.path})", 404)


def _said(text: str, status: int = 200, kind: str = "text/plain") -> web.Response:
    return web.Response(text=text, status=status, content_type=kind, headers=HEADERS)


def _answer(record: Mapping[str, object], status: int = 200) -> web.Response:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return _said(text, status, "application/json")


if __name__ == "__main__":
    command_line(__doc__, FakeWhisperCpp)
