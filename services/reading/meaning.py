"""Meanings: what an embedding model makes of passages and questions, so that they meet."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.documents import InDocument, Passage
from domain.errors import BackendError, NoBackendLeft
from domain.routes import Route
from services.chain import Chain
from services.skills import Embedder
from storage.documents import Documents, NewVectors

log = logging.getLogger(__name__)

BATCH = 32
"""Passages that a model gets at a time."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of texts, in their order, and the model that made them."""

    model: str
    of: Sequence[bytes]


@dataclass(slots=True)
class Meanings:
    """Finds passages by their meaning, as far as a model has read them.

    A question waits for it no longer than `seconds`, and makes it read up to `most` passages. What
    is not done by then goes on without the question, and serves the next one: a model that has to
    be loaded first, or a long document. `aclose` ends it.
    """

    documents: Documents
    chain: Chain[Embedder]
    seconds: float = 3.0
    most: int = 2048
    _asking: set[asyncio.Task[Vectors | None]] = field(default_factory=set, init=False)
    _reading: dict[tuple[int, str], asyncio.Task[None]] = field(default_factory=dict, init=False)

    async def nearest(self, document: int, question: str, limit: int) -> Sequence[Passage]:
        """The passages closest to the question, closest first; none where no model is up."""
        until = asyncio.get_running_loop().time() + self.seconds
        asked = await self._asked(question)
        if asked is None:
            return ()
        await self._read(document, asked.model, until)
        scope = InDocument(document)
        return await self.documents.nearest(scope, asked.model, asked.of[0], limit)

    async def aclose(self) -> None:
        """End what goes on without a question."""
        tasks = [*self._asking, *self._reading.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _asked(self, question: str) -> Vectors | None:
        """What the question means, None where nobody says it in time."""
        task = _begun(self._vectors([question]), "meaning of a question", self._asking.discard)
        self._asking.add(task)
        await asyncio.wait({task}, timeout=self.seconds)
        return task.result() if task.done() else None

    async def _read(self, document: int, model: str, until: float) -> None:
        """Have the document read as far as there is time; many questions have it read once."""
        key = (document, model)
        if key not in self._reading:
            work = self._make(document, model)
            name = f"meaning of document {document}"
            self._reading[key] = _begun(work, name, lambda _: self._reading.pop(key))
        left = until - asyncio.get_running_loop().time()
        await asyncio.wait({self._reading[key]}, timeout=max(left, 0))

    async def _make(self, document: int, model: str) -> None:
        """Make the vectors that are missing, and store them as they come."""
        for _ in range(0, self.most, BATCH):
            some = await self.documents.without_vectors(document, model, BATCH)
            made = await self._vectors([one.text for one in some]) if some else None
            # another model's would not be found, and take the place of those that are
            if made is None or made.model != model:
                return
            ids = (one.id for one in some)
            new = NewVectors(document, model, dict(zip(ids, made.of, strict=True)))
            await self.documents.put_vectors(new)

    async def _vectors(self, texts: Sequence[str]) -> Vectors | None:
        async def embed(backend: Embedder) -> Vectors:
            return Vectors(backend.model, await backend.embed(texts))

        try:
            return await self.chain.once(Route(), embed)
        except (BackendError, NoBackendLeft) as error:
            log.info("Only words are looked for: %s", error, extra={"action": "embed"})
            return None


def _begun(
    work: Coroutine[Any, Any, Any], name: str, ended: Callable[[asyncio.Task[Any]], object]
) -> asyncio.Task[Any]:
    """A task that is let go of when it has ended; what goes wrong unseen is logged."""

    def end(task: asyncio.Task[Any]) -> None:
        ended(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("%s failed", name, exc_info=error, extra={"action": "embed"})

    task = asyncio.create_task(work, name=name)
    task.add_done_callback(end)
    return task
