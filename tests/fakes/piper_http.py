"""A fake of Piper's HTTP server; `python -m tests.fakes.piper_http` runs one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes.serving import Cut, Fake, Request, Script, command_line
from tests.fakes.speaking import SECONDS_A_CHARACTER, spoken

WORDS = {
    404: "The requested URL was not found on the server. If you entered the URL manually please "
    "check your spelling and try again.",
    405: "The method is not allowed for the requested URL.",
    500: "The server encountered an internal error and was unable to complete your request. "
    "Either the server is overloaded or there is an error in the application.",
}
TITLES = {404: "Not Found", 405: "Method Not Allowed", 500: "Internal Server Error"}


def voice(language: str, pace: float = 1.0) -> dict[str, Any]:
    """The file beside a voice, as far as somebody reads it."""
    family = language.split("_", maxsplit=1)[0]
    return {
        "audio": {"quality": "medium", "sample_rate": 22_050},
        "espeak": {"voice": language.lower().replace("_", "-")},
        "inference": {"length_scale": pace, "noise_scale": 0.667, "noise_w": 0.8},
        "language": {"code": language, "family": family},
        "num_speakers": 1,
    }


class FakePiper(Fake):
    """Speaks with a tone that is as long as the text.

    `old` is the generation before 1.5, which speaks at "/". The first voice is the one for who
    names none, or one that is not there. `spoke` holds the voices and texts in their order;
    `instead` is what a broken one gives for sound.
    """

    def __init__(
        self,
        script: Script | None = None,
        voices: Mapping[str, Any] | None = None,
        port: int = 0,
        *,
        old: bool = False,
    ) -> None:
        super().__init__(script, port)
        self.voices = dict(voices or {"en_US-joe-medium": voice("en_US")})
        self.old = old
        self.lists = True
        self.instead: bytes | None = None
        self.spoke: list[tuple[str, str]] = []

    def routes(self) -> list[web.RouteDef]:
        """Every address, since which there are depends on the generation."""
        return [self.route("*", "/{other:.*}", self._any)]

    async def _any(self, request: web.Request, noted: Request) -> web.Response:
        match request.method, request.path:
            case "GET", "/voices" if self.lists:
                return _said(json.dumps(self.voices), "application/json")
            case "GET", "/info" if not self.old:
                return _said(json.dumps(self._info()), "application/json")
            case ("POST", "/") if self.old:
                return await self._speak(request, noted)
            case ("POST", "/synthesize") if not self.old:
                return await self._speak(request, noted)
            case _, "/":
                return _failed(405)
        return _failed(404)

    def _info(self) -> dict[str, object]:
        name = next(iter(self.voices))
        language = self.voices[name]["espeak"]["voice"]
        return {"last": None, "voice": {"name": name, "language": language, "num_speakers": 1}}

    async def _speak(self, request: web.Request, noted: Request) -> web.Response:
        body = noted.body
        if self.script.status != 200:
            return _failed(self.script.status)
        if _fails(request, body):
            return _failed(500)
        asked = str(body.get("voice"))
        name = asked if asked in self.voices else next(iter(self.voices))
        pace = float(body.get("length_scale", self.voices[name]["inference"]["length_scale"]))
        length = len(body["text"]) * SECONDS_A_CHARACTER * pace
        await asyncio.sleep(self.script.first_after + length * self.script.realtime)
        if self.script.break_after is not None:
            raise Cut
        self.spoke.append((name, body["text"]))
        # its own framework takes bytes for a page
        sound = spoken(body["text"], pace) if self.instead is None else self.instead
        return _said(sound, "text/html")


def _fails(request: web.Request, body: Mapping[str, Any]) -> bool:
    """Whether it would fail inside, which it does where others refuse."""
    return (
        request.content_type != "application/json"
        or not isinstance(body.get("text"), str)
        or not body["text"].strip(" .,!?…-\n")
        or any(body.get(name, 1) is None for name in ("length_scale", "noise_scale"))
        or isinstance(body.get("speaker_id"), str)
    )


def _failed(status: int) -> web.Response:
    title, words = TITLES.get(status, "Trouble"), WORDS.get(status, "Something is wrong.")
    page = f"<!doctype html>\n<html lang=en>\n<title>{status} {title}</title>\n"
    return _said(f"{page}<h1>{title}</h1>\n<p>{words}</p>\n", "text/html", status)


def _said(body: str | bytes, kind: str, status: int = 200) -> web.Response:
    raw = body.encode() if isinstance(body, str) else body
    headers = {"Server": "Werkzeug/3.1.9 Python/3.11.7", "Connection": "close"}
    answer = web.Response(body=raw, status=status, content_type=kind, headers=headers)
    answer.force_close()
    return answer


if __name__ == "__main__":
    command_line(__doc__, lambda script, port: FakePiper(script, port=port))
