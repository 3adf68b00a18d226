"""A fake Ollama that speaks its true wire; `python -m tests.fakes.ollama` runs one."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.meanings import meant
from tests.fakes.serving import Fake, Request, Script, command_line

CREATED = "2026-11-22T19:31:25.000000Z"
DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "phi3",
    "families": ["phi3"],
    "parameter_size": "3.8B",
    "quantization_level": "Q4_0",
}
BUSY = "server busy, please try again.  maximum pending requests exceeded"


@dataclass(slots=True)
class Models:
    """The models that the fake has; `thinking` ones take `think`, `loaded` ones are in memory.

    `seeing` ones look at pictures; the others answer as if there were none. `load_seconds` is how
    long the first question to a model waits, `context` how many characters a conversation may
    have, None for any number. An `old` server does not tell what its models can do.
    """

    names: tuple[str, ...] = ("phi3.5:3.8b",)
    thinking: frozenset[str] = frozenset()
    seeing: frozenset[str] = frozenset({"moondream", "llava:7b"})
    loaded: set[str] = field(default_factory=set)
    load_seconds: float = 0.0
    context: int | None = None
    old: bool = False


class FakeOllama(Fake):
    """An Ollama with `models`, playing `script`."""

    def __init__(
        self, script: Script | None = None, models: Models | None = None, port: int = 0
    ) -> None:
        super().__init__(script, port)
        self.models = models or Models()

    def routes(self) -> list[web.RouteDef]:
        """The routes that the bot and its operators use."""
        return [
            self.route("GET", "/", self._root),
            self.route("GET", "/api/version", self._version),
            self.route("GET", "/api/tags", self._tags),
            self.route("GET", "/api/ps", self._ps),
            self.route("POST", "/api/show", self._show),
            self.route("POST", "/api/chat", self._chat),
            self.route("POST", "/api/embed", self._embed),
        ]

    async def _root(self, _request: web.Request, _noted: Request) -> web.Response:
        return web.Response(text="Ollama is running")

    async def _version(self, _request: web.Request, _noted: Request) -> web.Response:
        return _answer({"version": "0.13.0"})

    async def _tags(self, _request: web.Request, _noted: Request) -> web.Response:
        return _answer({"models": [_tag(name) for name in self.models.names]})

    async def _ps(self, _request: web.Request, _noted: Request) -> web.Response:
        loaded = sorted(self.models.loaded)
        more = {"expires_at": CREATED, "size_vram": 2 << 30, "context_length": 8192}
        return _answer({"models": [_known(name) | more for name in loaded]})

    async def _show(self, _request: web.Request, noted: Request) -> web.Response:
        name = str(noted.body.get("model", ""))
        if full(name) not in map(full, self.models.names):
            return _answer({"error": f"model '{name}' not found"}, 404)
        sees = name in self.models.seeing
        families = ["llama", "clip"] if sees else ["phi3"]
        shown = {
            "modelfile": "",
            "parameters": "",
            "template": "{{ .Prompt }}",
            "details": DETAILS | {"family": families[0], "families": families},
            "model_info": {"general.architecture": families[0]},
            "modified_at": CREATED,
        }
        able = ["completion", "vision"] if sees else ["completion"]
        return _answer(shown if self.models.old else shown | {"capabilities": able})

    async def _chat(self, request: web.Request, noted: Request) -> web.StreamResponse:
        refusal = self._refusal(noted.body)
        if refusal is not None:
            return refusal
        name = full(noted.body["model"])
        if not noted.body.get("messages"):
            return self._memory(noted.body, name)
        await self._load(name)
        await asyncio.sleep(self.script.first_after)
        frames = self._frames(noted)
        return await self.stream(request, frames, {"Content-Type": "application/x-ndjson"})

    async def _embed(self, _request: web.Request, noted: Request) -> web.Response:
        body = noted.body
        given = body.get("input")
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            return _answer({"error": "invalid input type"}, 400)
        refusal = self._refusal(body)
        if refusal is not None:
            return refusal
        await self._load(full(body["model"]))
        await asyncio.sleep(self.script.first_after)
        if not texts:
            return _answer({"model": body["model"], "embeddings": []})
        times = {"total_duration": 14_143_917, "load_duration": 1_019_500}
        read = {"prompt_eval_count": sum(len(one.split()) for one in texts)}
        vectors = [meant(one) for one in texts]
        return _answer({"model": body["model"], "embeddings": vectors, **times, **read})

    async def _load(self, name: str) -> None:
        if name not in self.models.loaded:
            await asyncio.sleep(self.models.load_seconds)
            self.models.loaded.add(name)

    def _memory(self, body: Mapping[str, Any], name: str) -> web.Response:
        """Load or unload a model, which is what a question without messages asks for."""
        leaving = body.get("keep_alive") == 0
        (self.models.loaded.discard if leaving else self.models.loaded.add)(name)
        reason = "unload" if leaving else "load"
        return _answer(_chunk(body["model"], "") | {"done": True, "done_reason": reason})

    def _refusal(self, body: Mapping[str, Any]) -> web.Response | None:
        name, script = str(body.get("model", "")), self.script
        if "_broken" in body:
            return _answer({"error": "invalid character in request body"}, 400)
        if not name:
            return _answer({"error": "model is required"}, 400)
        if script.status != 200:
            return _answer({"error": script.error}, script.status)
        if full(name) not in map(full, self.models.names):
            return _answer({"error": f"model '{name}' not found"}, 404)
        if body.get("think") and name not in self.models.thinking:
            return _answer({"error": f'"{name}" does not support thinking'}, 400)
        return _broken_picture(body) or self._too_long(body)

    def _too_long(self, body: Mapping[str, Any]) -> web.Response | None:
        length = sum(len(turn["content"]) for turn in body.get("messages", ()))
        if self.models.context is None or length <= self.models.context:
            return None
        words = "the prompt is longer than the context length currently available to the model"
        return _answer({"error": f"{words}; shorten it"}, 400)

    async def _frames(self, noted: Request) -> AsyncGenerator[str, None]:
        model, sent = noted.body["model"], 0
        # without the word, a model that can think does
        thinks = noted.body.get("think", True) and model in self.models.thinking
        for thought in self.script.thoughts.split(" ") if thinks and self.script.thoughts else ():
            yield _line(_chunk(model, "", thinking=f"{thought} "))
        async for word in self.words(noted):
            if sent == self.script.error_after:
                yield _line({"error": self.script.error})
                return
            sent += 1
            yield _line(_chunk(model, word))
        yield _line(_chunk(model, "") | _ending(noted.body, sent))


def _broken_picture(body: Mapping[str, Any]) -> web.Response | None:
    """Refuse what is no plain base64; Ollama reads pictures as bytes, which say no `data:`."""
    for turn in body.get("messages", ()):
        for image in turn.get("images") or ():
            try:
                b64decode(image, validate=True)
            except ValueError:
                strange = re.search(r"[^A-Za-z0-9+/]", image)
                at = strange.start() if strange else len(image)
                return _answer({"error": f"illegal base64 data at input byte {at}"}, 400)
    return None


def full(name: str) -> str:
    """The name of a model with its tag."""
    return name if ":" in name else f"{name}:latest"


def _chunk(model: str, content: str, **more: str) -> dict[str, object]:
    message = {"role": "assistant", "content": content, **more}
    return {"model": model, "created_at": CREATED, "message": message, "done": False}


def _ending(body: Mapping[str, Any], written: int) -> dict[str, object]:
    read = sum(len(turn["content"].split()) for turn in body["messages"])
    return {
        "done": True,
        "done_reason": "stop",
        "total_duration": 1_000_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": read,
        "prompt_eval_duration": 100_000_000,
        "eval_count": written,
        "eval_duration": 900_000_000,
    }


def _tag(name: str) -> dict[str, object]:
    return _known(name) | {"modified_at": CREATED}


def _known(name: str) -> dict[str, object]:
    sized = {"size": 2 << 30, "digest": "0" * 64, "details": DETAILS}
    return {"name": full(name), "model": full(name), **sized}


def _line(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def _answer(record: Mapping[str, object], status: int = 200) -> web.Response:
    return web.json_response(record, status=status)


if __name__ == "__main__":
    command_line(__doc__, lambda script, port: FakeOllama(script, port=port))
