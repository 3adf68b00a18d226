"""A fake of the servers that draw OpenAI's way; `python -m tests.fakes.openai_images` runs one.

Each flavour differs from the others as the true servers do.
"""

from __future__ import annotations

import asyncio
import io
from base64 import b64encode
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from aiohttp import web
from PIL import Image, UnidentifiedImageError

from tests.fakes.serving import Cut, Fake, Request, Script, command_line

FORBIDDEN = "something forbidden"
"""What nobody draws."""


class Painter(StrEnum):
    """Which server is played."""

    DALL_E = "dall_e"
    GPT = "gpt"  # takes no response_format, and answers with base64 all the same
    OLLAMA = "ollama"  # answers a model that draws nothing with nothing
    LOCAL_AI = "local_ai"  # answers with addresses, whatever was asked


class FakeOpenAIImages(Fake):
    """A server with one model that draws a plain picture of the size that was asked for.

    `sizes` are those that it draws, none is any. `leads` is where its addresses lead to instead.
    """

    def __init__(
        self, script: Script | None = None, painter: Painter = Painter.DALL_E, port: int = 0
    ) -> None:
        super().__init__(script, port)
        self.painter = painter
        self.model = "tiny"
        self.sizes: tuple[str, ...] = ()
        self.key = ""
        self.leads = ""
        self.form = "PNG"

    @property
    def base(self) -> str:
        """What the bot is configured with."""
        return f"{self.url}/v1"

    def routes(self) -> list[web.RouteDef]:
        """The routes that the bot uses."""
        return [
            self.route("GET", "/v1/models", self._models),
            self.route("POST", "/v1/images/generations", self._draw),
            self.route("POST", "/v1/images/edits", self._edit),
            self.route("GET", "/generated-images/{name}", self._show),
            self.route("GET", "/elsewhere", self._elsewhere),
            self.route("*", "/{other:.*}", self._nowhere),
        ]

    async def _nowhere(self, _request: web.Request, _noted: Request) -> web.Response:
        return _refused(404, "Not Found")

    async def _models(self, _request: web.Request, _noted: Request) -> web.Response:
        model = {"id": self.model, "object": "model", "created": 0, "owned_by": "somebody"}
        return web.json_response({"object": "list", "data": [model]})

    async def _draw(self, _request: web.Request, noted: Request) -> web.Response:
        return self._refusal(noted) or await self._answer(noted)

    async def _edit(self, _request: web.Request, noted: Request) -> web.Response:
        try:
            Image.open(io.BytesIO(noted.body["image"])).verify()
        except (KeyError, UnidentifiedImageError):
            return _refused(400, "Invalid image file or mode for image 1, please check your image")
        return self._refusal(noted) or await self._answer(noted)

    async def _show(self, _request: web.Request, _noted: Request) -> web.Response:
        return web.Response(body=self.picture("64x64"), content_type="image/png")

    async def _elsewhere(self, _request: web.Request, _noted: Request) -> web.Response:
        raise web.HTTPFound("/generated-images/a.png")

    async def _answer(self, noted: Request) -> web.Response:
        await asyncio.sleep(self.script.first_after)
        if self.script.break_after is not None:
            raise Cut
        count = int(noted.body.get("n", 1))
        raw = self.picture(str(noted.body.get("size", "64x64")))
        one: dict[str, object] = {"b64_json": b64encode(raw).decode()}
        if self.painter is Painter.LOCAL_AI:
            one = {"url": self.leads or f"{self.url}/generated-images/b64123.png"}
        if self.painter is Painter.OLLAMA and noted.body["model"] != self.model:
            return web.Response()
        return web.json_response({"created": 1795375603, "data": [one] * count})

    def picture(self, size: str) -> bytes:
        """What it draws."""
        width, _, height = size.partition("x")
        out = io.BytesIO()
        Image.new("RGB", (int(width), int(height)), (20, 120, 20)).save(out, self.form)
        return out.getvalue()

    def _refusal(self, noted: Request) -> web.Response | None:
        body, script = noted.body, self.script
        if self.key and noted.headers.get("Authorization") != f"Bearer {self.key}":
            shown = noted.headers.get("Authorization")
            return _refused(401, f"Incorrect API key provided: {shown}", code="invalid_api_key")
        if script.status != 200:
            return _refused(script.status, str(script.error))
        if not body.get("prompt"):
            return _refused(400, "prompt is required")
        if FORBIDDEN in str(body["prompt"]):
            return self._forbidden()
        if body["model"] != self.model and self.painter is not Painter.OLLAMA:
            words = f"The model '{body['model']}' does not exist."
            return _refused(404, words, code="model_not_found")
        return self._unknown(body)

    def _forbidden(self) -> web.Response:
        words = "Your request was rejected as a result of our safety system."
        code = "moderation_blocked" if self.painter is Painter.GPT else "content_policy_violation"
        return _refused(400, words, "image_generation_user_error", code)

    def _unknown(self, body: Mapping[str, Any]) -> web.Response | None:
        strict = {Painter.GPT: {"response_format", "seed"}, Painter.DALL_E: {"seed"}}
        for word in body:
            if word in strict.get(self.painter, ()):
                return _refused(400, f"Unknown parameter: '{word}'.", code="unknown_parameter")
        if self.sizes and body.get("size", self.sizes[0]) not in self.sizes:
            words = f"Invalid value: '{body['size']}'. Supported values are: {self.sizes}"
            return _refused(400, words, code="invalid_value")
        return None


def _refused(
    status: int, words: str, kind: str = "invalid_request_error", code: str | None = None
) -> web.Response:
    error = {"message": words, "type": kind, "param": None, "code": code}
    return web.json_response({"error": error}, status=status)


if __name__ == "__main__":
    command_line(__doc__, lambda script, port: FakeOpenAIImages(script, port=port))
