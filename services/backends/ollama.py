"""Ollama: chat and sight over /api/chat, a JSON object a line; meaning over /api/embed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from domain.messages import Role, Turn
from domain.pictures import Picture
from services.batches import in_batches
from services.embeddings import floats
from services.ollama_wire import Ollama
from services.pictures import bare, wanted
from services.skills import ChatOptions, Ready

_EYES = frozenset({"clip", "mllama"})


@dataclass(frozen=True, slots=True)
class OllamaChat(Ollama):
    """A chat model served by Ollama; its fields are those of every model there."""

    model: str = "phi3.5:3.8b"

    def stream(self, turns: Sequence[Turn], options: ChatOptions) -> AsyncGenerator[str, None]:
        """Yield the answer; an error in mid-stream is BackendUnavailable, as a broken-off one."""
        said = [{"role": turn.role, "content": turn.text} for turn in turns]
        return self.answer(said, options)


@dataclass(frozen=True, slots=True)
class OllamaVision(Ollama):
    """A model that sees, served by Ollama; it sees so many pictures `at_once`.

    Moondream sees one at a time and understands English only, LLaVA sees one at a time.
    """

    model: str = "moondream"
    at_once: int = 1
    english_only: bool = False
    _seeing: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        Ollama.__post_init__(self)
        if self.at_once < 1:
            raise ValueError("at_once must be 1 or more")
        if self.model.rsplit("/", 1)[-1].startswith("moondream"):
            object.__setattr__(self, "english_only", True)

    def look(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        """Yield the answer; a model that cannot see is BackendUnavailable."""

        def see(some: Sequence[Picture], own: ChatOptions) -> AsyncGenerator[str, None]:
            return self._seen(some, question, own)

        return in_batches(pictures, self.at_once, options, see)

    async def ready(self) -> Ready:
        """Tell which models are there and in memory; the configured one must be, and must see."""
        ready = await Ollama.ready(self)
        await self._expect_sight(self.model)
        return ready

    async def _seen(
        self, pictures: Sequence[Picture], question: str, options: ChatOptions
    ) -> AsyncGenerator[str, None]:
        # a model that cannot see would answer all the same, about a picture that it makes up
        await self._expect_sight(options.model or self.model)
        images = await bare(self.label, pictures)
        said = {"role": Role.USER, "content": wanted(question, len(pictures)), "images": images}
        async with aclosing(self.answer([said], options)) as pieces:
            async for piece in pieces:
                yield piece

    async def _expect_sight(self, model: str) -> None:
        """Raise BackendUnavailable where the model cannot see; asked until it can."""
        if model in self._seeing:
            return
        try:
            shown = await self.wire.json(self.ask("show", {"model": model}))
        except BackendRejected as error:
            raise self.explained(error, model) from None
        if not self._sees(shown):
            cure = "set one that can, as moondream (ollama pull moondream)"
            raise BackendUnavailable(self.label, f"{model} cannot see; {cure}", down=True)
        self._seeing.add(model)

    def _sees(self, shown: Any) -> bool:
        match shown:
            case {"capabilities": [*known]}:
                return "vision" in known
            case {"projector_info": {} as eyes} if eyes:  # servers before April 2025
                return True
            case {"details": {"families": [*families]}}:
                return bool(_EYES.intersection(families))
            case {"details": _}:
                return False
        raise BackendNonsense(self.label, "what it shows of a model has another shape")


@dataclass(frozen=True, slots=True)
class OllamaEmbedder(Ollama):
    """A model that turns texts into vectors, served by Ollama; bge-m3 knows all our languages."""

    model: str = "bge-m3"
    num_ctx: int = 2048

    async def embed(self, texts: Sequence[str]) -> Sequence[bytes]:
        """One vector for each text; of one longer than the context, Ollama reads the beginning."""
        body = {
            "model": self.model,
            "input": list(texts),
            "keep_alive": self.keep_alive,
            "options": {"num_ctx": self.num_ctx},
        }
        try:
            found = await self.wire.json(self.ask("embed", body))
        except BackendRejected as error:
            raise self.explained(error, self.model) from None
        listed = found.get("embeddings") if isinstance(found, dict) else None
        return floats(self.label, listed, len(texts))
