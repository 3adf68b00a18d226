"""What is said to an Ollama and what it says, whatever it is asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ContextOverflow,
    ModelMissing,
)
from services.aloud import Aloud
from services.complaints import Complaint
from services.skills import ChatOptions, Ready, Usage
from services.wire import Ask, Wire

Messages = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Ollama:
    """A model of an Ollama.

    `num_ctx` is sent with every request and always the same, since another value makes Ollama load
    the model anew. `patience` covers a queue and the loading of a model.
    """

    wire: Wire
    url: str = "http://127.0.0.1:11434"
    model: str = ""
    num_ctx: int = 8192
    keep_alive: str = "5m"
    think: bool | str = False
    patience: float = 300.0
    label: str = ""
    _thoughtless: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.label:
            where = urlsplit(self.url)
            name = f"Ollama {self.model} at {where.hostname}:{where.port or 11434}"
            object.__setattr__(self, "label", name)

    async def ready(self) -> Ready:
        """Tell which models are there and in memory; the configured one must be."""
        try:
            tags = await self.wire.json(self.ask("tags"))
        except BackendRejected as error:
            raise BackendUnavailable(self.label, error.reason) from error
        names = self._names(tags)
        if _full(self.model) not in map(_full, names):
            raise self._missing(self.model)
        return Ready(names, await self._loaded(), self.num_ctx)

    async def unload(self) -> None:
        """Free the memory of the models that the server has loaded, whoever asked for them."""
        loaded = await self._loaded()
        for name in (self.model,) if loaded is None else loaded:
            body = {"model": name, "messages": [], "keep_alive": 0, "stream": False}
            await self.wire.json(self.ask("chat", body))

    async def answer(self, messages: Messages, options: ChatOptions) -> AsyncGenerator[str, None]:
        """Yield the answer; an error in mid-stream is BackendUnavailable, as a broken-off one."""
        model = options.model or self.model
        body = self._body(messages, options, model)
        try:
            async with aclosing(self._answered(body, options)) as pieces:
                async for piece in pieces:
                    yield piece
        except BackendRejected as error:
            if "think" not in body or "does not support thinking" not in error.reason:
                raise self.explained(error, model) from None
        else:
            return
        # the server has refused before it began, so nothing has been said twice
        self._thoughtless.add(model)
        async with aclosing(self.answer(messages, options)) as pieces:
            async for piece in pieces:
                yield piece

    def ask(self, route: str, body: Mapping[str, object] | None = None) -> Ask:
        """A question to one of its routes."""
        return Ask(self.label, f"{self.url.rstrip('/')}/api/{route}", body, patience=self.patience)

    def explained(self, error: BackendRejected, model: str) -> BackendError:
        """Recognise the refusals that mean something of their own."""
        if error.status == 404 and "page not found" not in error.reason:
            return self._missing(model)
        if error.status == 400 and "context length" in error.reason:
            return ContextOverflow(self.label, error.reason, self.num_ctx)
        return error

    async def _answered(
        self, body: Mapping[str, object], options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        aloud = Aloud()
        lines = self.wire.lines(self.ask("chat", body), last=_is_last)
        async with aclosing(lines):
            async for line in lines:
                if "error" in line:
                    raise BackendUnavailable(self.label, Complaint.of(line).words)
                message = line.get("message") or {}
                piece = aloud.say(message.get("thinking") or "", message.get("content") or "")
                if line.get("done"):
                    piece += aloud.finish()
                    options.usage(_usage(line))
                if piece:
                    yield piece

    def _body(self, messages: Messages, options: ChatOptions, model: str) -> Mapping[str, object]:
        settings: dict[str, object] = {
            "num_ctx": self.num_ctx,
            "num_predict": options.max_tokens,
        }
        if options.temperature is not None:
            settings["temperature"] = options.temperature
        body: dict[str, object] = {
            "model": model,
            "messages": messages,
            "stream": True,
            "keep_alive": self.keep_alive,
            "options": settings,
        }
        # without the word a model that can think does, and who thinks by default answers late
        return body if model in self._thoughtless else {**body, "think": self.think}

    async def _loaded(self) -> tuple[str, ...] | None:
        try:
            return self._names(await self.wire.json(self.ask("ps")))
        except BackendRejected:
            return None  # an old server has no such route

    def _names(self, listing: Any) -> tuple[str, ...]:
        try:
            return tuple(one["name"] for one in listing["models"] or ())
        except (TypeError, KeyError):
            raise BackendNonsense(self.label, "its list of models has another shape") from None

    def _missing(self, model: str) -> ModelMissing:
        return ModelMissing(self.label, model, f"ollama pull {model}")


def _is_last(line: Mapping[str, object]) -> bool:
    return bool(line.get("done"))


def _usage(line: Mapping[str, Any]) -> Usage:
    return Usage(line.get("prompt_eval_count") or 0, line.get("eval_count") or 0)


def _full(name: str) -> str:
    """Ollama's full name of a model: without a tag it is the latest."""
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"
