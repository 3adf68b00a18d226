"""A fake of the servers that hear and speak OpenAI's way; `python -m tests.fakes.openai_audio`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes.serving import Cut, Fake, Request, Script, command_line
from tests.fakes.speaking import spoken
from tests.fakes.whisper_cpp import length

MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 100


class FakeOpenAIAudio(Fake):
    """One model that hears what the script says, and speaks with a tone.

    `formats` are those of a transcript or of a sound that it knows. `names` is whether it names
    languages in English, as OpenAI's own does, `key` what it asks for where it asks for one.
    """

    def __init__(self, script: Script | None = None, model: str = "tiny", port: int = 0) -> None:
        super().__init__(script or Script("Hello there."), port)
        self.model = model
        self.formats = {"json", "verbose_json", "wav", "mp3"}
        self.names = False
        self.key = ""

    @property
    def base(self) -> str:
        """What the bot is configured with."""
        return f"{self.url}/v1"

    def routes(self) -> list[web.RouteDef]:
        """The routes that the bot uses."""
        return [
            self.route("GET", "/v1/models", self._models),
            self.route("POST", "/v1/audio/transcriptions", self._hear),
            self.route("POST", "/v1/audio/speech", self._speak),
            self.route("*", "/{other:.*}", self._nowhere),
        ]

    async def _nowhere(self, _request: web.Request, _noted: Request) -> web.Response:
        return _refused(404, "Not Found")

    async def _models(self, _request: web.Request, _noted: Request) -> web.Response:
        model = {"id": self.model, "object": "model", "created": 0, "owned_by": "somebody"}
        return web.json_response({"object": "list", "data": [model]})

    async def _hear(self, _request: web.Request, noted: Request) -> web.Response:
        body = noted.body
        refusal = self._refusal(noted, ("file", "model"))
        if refusal is not None:
            return refusal
        seconds = length(body["file"])
        if seconds is None:
            return _refused(415, "Unsupported media type")
        await self._wait(seconds)
        text = self.script.text(body)
        if body.get("response_format", "json") == "json":
            return web.json_response({"text": text})
        asked = body.get("language", "en")
        said = {"task": "transcribe", "duration": seconds, "text": text}
        segment = {"id": 0, "start": 0.0, "end": seconds, "text": f" {text}"}
        language = {"en": "english", "uk": "ukrainian"}[asked] if self.names else asked
        return web.json_response(said | {"language": language, "segments": [segment]})

    async def _speak(self, _request: web.Request, noted: Request) -> web.Response:
        body = noted.body
        refusal = self._refusal(noted, ("input", "model", "voice"))
        if refusal is not None:
            return refusal
        if body.get("response_format", "mp3") != "wav":
            await self._wait(1.0)
            return web.Response(body=MP3, content_type="audio/mpeg")
        whole = spoken(body["input"], 1 / body.get("speed", 1.0))
        await self._wait(len(whole) / 44_100)
        return web.Response(body=whole, content_type="audio/wav")

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(self.script.first_after + seconds * self.script.realtime)
        if self.script.break_after is not None:
            raise Cut

    def _refusal(self, noted: Request, needed: tuple[str, ...]) -> web.Response | None:
        body = noted.body
        if self.key and noted.headers.get("Authorization") != f"Bearer {self.key}":
            return _refused(401, f"Not authenticated: {noted.headers.get('Authorization')}")
        if self.script.status != 200:
            return _refused(self.script.status, self.script.error)
        for name in needed:
            if not body.get(name):
                return _refused(422, [_wrong(name, "Field required")])
        if body["model"] != self.model:
            return _refused(404, f"Model '{body['model']}' not found")
        if body.get("response_format", "json") not in self.formats:
            return _refused(422, [_wrong("response_format", "Input should be another")])
        return None


def _wrong(name: str, words: str) -> Mapping[str, Any]:
    return {"type": "value_error", "loc": ["body", name], "msg": words}


def _refused(status: int, detail: object) -> web.Response:
    text = json.dumps({"detail": detail})
    return web.Response(text=text, status=status, content_type="application/json")


if __name__ == "__main__":
    command_line(__doc__, lambda script, port: FakeOpenAIAudio(script, port=port))
