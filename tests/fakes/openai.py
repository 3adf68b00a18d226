"""A fake of the servers that speak OpenAI's chat; `python -m tests.fakes.openai` runs one.

Each flavour differs from the others just as the true servers do.
"""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from enum import StrEnum
from typing import Any

from aiohttp import web

from tests.fakes.meanings import meant
from tests.fakes.serving import Cut, Fake, Request, Script, command_line

COMMON = {"id": "chatcmpl-0", "created": 1795375603, "object": "chat.completion.chunk"}


class Flavour(StrEnum):
    """Which server is played."""

    LLAMA_SERVER = "llama_server"
    MLX = "mlx"
    VLLM = "vllm"


class FakeOpenAI(Fake):
    """A server of a flavour with one model.

    `context` is how many characters a conversation may have, None for any number. `refuses` are
    the words of a question that the server does not take. `loading` while the model is not there
    yet, `key` what it asks for where it asks for one. `sees` is whether it takes pictures, and
    `embeds` whether it makes vectors, which MLX never does.
    """

    def __init__(
        self,
        script: Script | None = None,
        flavour: Flavour = Flavour.LLAMA_SERVER,
        model: str = "tiny",
        port: int = 0,
    ) -> None:
        super().__init__(script, port)
        self.flavour = flavour
        self.model = model
        self.context: int | None = None
        self.refuses: tuple[str, ...] = ()
        self.loading = False
        self.sees = flavour is not Flavour.MLX
        self.embeds = True
        self.key = ""
        self.comments = 1

    @property
    def base(self) -> str:
        """What the bot is configured with."""
        return f"{self.url}/v1"

    def routes(self) -> list[web.RouteDef]:
        """The routes that the bot uses."""
        return [
            self.route("GET", "/health", self._health),
            self.route("GET", "/v1/models", self._models),
            self.route("POST", "/v1/chat/completions", self._chat),
            self.route("POST", "/v1/embeddings", self._embeddings),
            self.route("*", "/{other:.*}", self._nowhere),
        ]

    async def _nowhere(self, _request: web.Request, _noted: Request) -> web.Response:
        if self.flavour is Flavour.MLX:
            return web.Response(status=404, text="Not Found", content_type="application/json")
        if self.flavour is Flavour.VLLM:
            return web.json_response({"detail": "Not Found"}, status=404)
        return self._refused(404, "File Not Found", "not_found_error")

    async def _health(self, _request: web.Request, _noted: Request) -> web.Response:
        if self.loading:
            return self._refused(503, "Loading model", "unavailable_error")
        if self.flavour is Flavour.VLLM:
            return web.Response()
        return web.json_response({"status": "ok"})

    async def _models(self, _request: web.Request, _noted: Request) -> web.Response:
        if self.flavour is Flavour.MLX:
            return web.Response(content_type="application/json")
        model = {"id": self.model, "object": "model", "created": COMMON["created"]}
        owner = "llamacpp" if self.flavour is Flavour.LLAMA_SERVER else "vllm"
        size: dict[str, object] = {"max_model_len": 4096}
        if self.flavour is Flavour.LLAMA_SERVER:
            meta = {"vocab_type": 1, "n_vocab": 275, "n_ctx": 256, "n_ctx_train": 512}
            takes = ["text", "image"] if self.sees else ["text"]
            kinds = {"input_modalities": takes, "output_modalities": ["text"]}
            size = {"meta": meta, "architecture": kinds}
        listing = {"object": "list", "data": [model | {"owned_by": owner} | size]}
        if self.flavour is Flavour.LLAMA_SERVER:
            listing = {"models": [_as_ollama_lists(self.model, sees=self.sees)], **listing}
        return web.json_response(listing)

    async def _chat(self, request: web.Request, noted: Request) -> web.StreamResponse:
        refusal = self._refusal(noted)
        if refusal is not None:
            return refusal
        await asyncio.sleep(self.script.first_after)
        if self.flavour is Flavour.MLX:
            return await _old_stream(request, self._frames(noted))
        headers = {"Content-Type": "text/event-stream"}
        return await self.stream(request, self._frames(noted), headers)

    async def _embeddings(self, request: web.Request, noted: Request) -> web.Response:
        if self.flavour is Flavour.MLX:
            return await self._nowhere(request, noted)
        if not self.embeds:
            words = "This server does not support embeddings. Start it with `--embeddings`"
            return self._refused(501, words, "not_supported_error")
        refusal = self._unknown(str(noted.body.get("model")))
        if refusal is not None:
            return refusal
        rows = [
            {"object": "embedding", "index": at, "embedding": meant(text)}
            for at, text in enumerate(noted.body["input"])
        ]
        usage = {"prompt_tokens": len(rows), "total_tokens": len(rows)}
        # the index tells which is which, not the place
        listing = {"object": "list", "data": rows[::-1], "model": self.model, "usage": usage}
        return web.json_response(listing)

    def _refusal(self, noted: Request) -> web.Response | None:
        body, script = noted.body, self.script
        if self.loading:
            return self._refused(503, "Loading model", "unavailable_error")
        if self.key and noted.headers.get("Authorization") != f"Bearer {self.key}":
            return self._refused(401, f"Incorrect API key: {noted.headers.get('Authorization')}")
        if script.status != 200:
            return self._refused(script.status, str(script.error))
        if not isinstance(body.get("messages"), list):
            return self._refused(400, self._no_messages())
        refused = next((word for word in self.refuses if word in body), None)
        if refused:
            words = f"Unsupported parameter: '{refused}' is not supported with this model."
            return self._refused(400, words, code="unsupported_parameter")
        unknown = self._unknown(str(body.get("model")))
        return unknown or self._sightless(body) or self._too_long(body)

    def _sightless(self, body: Mapping[str, Any]) -> web.Response | None:
        """Refuse pictures in the words of this flavour, or because they are none."""
        addresses = [one["image_url"]["url"] for one in _parts(body) if one["type"] == "image_url"]
        if not addresses:
            return None
        if self.flavour is Flavour.MLX:
            return self._refused(404, "Only 'text' content type is supported.")
        if not self.sees and self.flavour is Flavour.VLLM:
            return self._refused(400, f"{self.model} is not a multimodal model None")
        if not self.sees:
            words = "image input is not supported - hint: if this is unexpected, you may need"
            return self._refused(500, f"{words} to provide the mmproj", "server_error")
        if not all(map(_is_picture, addresses)):
            return self._refused(400, "Failed to load image or audio file")
        return None

    def _no_messages(self) -> str:
        if self.flavour is Flavour.MLX:
            return "Request did not contain messages"
        return "'messages' is required"

    def _unknown(self, model: str) -> web.Response | None:
        if self.flavour is Flavour.MLX and model not in {self.model, "default_model"}:
            words = "Cannot find an appropriate cached snapshot folder for the revision"
            return self._refused(404, words)
        if self.flavour is Flavour.VLLM and model != self.model:
            return self._refused(404, f"The model `{model}` does not exist.", "NotFoundError")
        return None  # llama.cpp's server answers with the model it has, whatever is asked for

    def _too_long(self, body: Mapping[str, Any]) -> web.Response | None:
        length = len(_text(body))
        if self.context is None or length <= self.context:
            return None
        if self.flavour is Flavour.LLAMA_SERVER:
            words = (
                f"request ({length} tokens) exceeds the available context size "
                f"({self.context} tokens), try increasing it"
            )
            more = {"n_prompt_tokens": length, "n_ctx": self.context}
            return self._refused(400, words, "exceed_context_size_error", **more)
        words = f"This model's maximum context length is {self.context} tokens."
        return self._refused(400, f"{words} However, you requested {length} tokens.")

    def _refused(
        self, status: int, words: str, kind: str = "invalid_request_error", **more: object
    ) -> web.Response:
        """Refuse in the shape of this flavour."""
        if self.flavour is Flavour.MLX:
            return web.json_response({"error": words}, status=status)
        return web.json_response(
            {"error": {"code": status, "message": words, "type": kind, **more}}, status=status
        )

    async def _frames(self, noted: Request) -> AsyncGenerator[str, None]:
        if self.flavour is Flavour.MLX:
            for done in range(1, self.comments + 1):
                yield f": keepalive {done}/{self.comments}\n\n"
        if self.flavour is Flavour.VLLM:
            yield self._chunk({"role": "assistant", "content": ""})
        for thought in self.script.thoughts.split(" ") if self.script.thoughts else ():
            yield self._chunk(self._delta(f"{thought} ", thinking=True))
        sent = 0
        async for word in self.words(noted):
            if sent == self.script.error_after:
                yield self._trouble()
                return
            sent += 1
            yield self._chunk(self._delta(word))
        yield self._chunk({"role": "assistant"} if self.flavour is Flavour.MLX else {}, "stop")
        if noted.body.get("stream_options", {}).get("include_usage"):
            yield self._usage(noted.body, sent)
        yield "data: [DONE]\n\n"

    def _trouble(self) -> str:
        if self.flavour is Flavour.LLAMA_SERVER:
            error = {"code": 500, "message": self.script.error, "type": "server_error"}
            return _event({"error": error}, "error" if self.script.break_after else "data")
        return _event({"error": self.script.error})

    def _delta(self, text: str, *, thinking: bool = False) -> dict[str, object]:
        name = "content"
        if thinking:
            name = "reasoning" if self.flavour is Flavour.MLX else "reasoning_content"
        return {"role": "assistant", name: text} if self.flavour is Flavour.MLX else {name: text}

    def _chunk(self, delta: Mapping[str, object], finish: str | None = None) -> str:
        choice = {"finish_reason": finish, "index": 0, "delta": delta}
        return _event({"choices": [choice], "model": self.model, **COMMON})

    def _usage(self, body: Mapping[str, Any], written: int) -> str:
        read = len(_text(body).split())
        usage = {
            "completion_tokens": written,
            "prompt_tokens": read,
            "total_tokens": read + written,
            "prompt_tokens_details": {"cached_tokens": 0},
        }
        return _event({"choices": [], "model": self.model, **COMMON, "usage": usage})


def _parts(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The parts of all messages; a text alone is one."""
    contents = [turn["content"] for turn in body["messages"]]
    plain = [{"type": "text", "text": one} for one in contents if isinstance(one, str)]
    return plain + [part for one in contents if not isinstance(one, str) for part in one]


def _text(body: Mapping[str, Any]) -> str:
    return " ".join(one["text"] for one in _parts(body) if one["type"] == "text")


def _is_picture(address: str) -> bool:
    head, _, text = address.partition(",")
    try:
        return bool(b64decode(text, validate=True)) and head == "data:image/jpeg;base64"
    except ValueError:
        return False


def _as_ollama_lists(model: str, *, sees: bool) -> dict[str, object]:
    """A model in the list that llama.cpp's server keeps for clients of Ollama."""
    texts = ("modified_at", "digest", "description", "parameters")
    details = ("parent_model", "family", "parameter_size", "quantization_level")
    return {
        "name": model,
        "model": model,
        "type": "model",
        **dict.fromkeys(texts, ""),
        "capabilities": ["completion", "multimodal"] if sees else ["completion"],
        "details": dict.fromkeys(details, "") | {"format": "gguf", "families": [""]},
    }


async def _old_stream(
    request: web.Request, frames: AsyncGenerator[str, None]
) -> web.StreamResponse:
    """Answer in HTTP/1.0, which ends by closing the connection and tells no length."""
    pipe = request.transport
    if pipe is None:
        raise ConnectionResetError
    pipe.write(
        b"HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6\r\nContent-type: text/event-stream\r\n\r\n"
    )
    async with aclosing(frames):
        async for frame in frames:
            pipe.write(frame.encode())
    raise Cut


def _event(record: Mapping[str, object], name: str = "data") -> str:
    return f"{name}: {json.dumps(record, ensure_ascii=False)}\n\n"


if __name__ == "__main__":
    command_line(__doc__, lambda script, port: FakeOpenAI(script, port=port))
