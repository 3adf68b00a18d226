"""ComfyUI's addresses: what can be asked of a server, and the shapes of its answers."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from domain.errors import BackendNonsense
from services.exchange import record
from services.forms import Form
from services.wire import Ask, Wire

if TYPE_CHECKING:
    from services.talks import Talk

LARGEST_OUTPUT = 512 << 20
"""Bytes that a picture or a film may have."""

_LARGEST_LIST = 64 << 20  # a queue tells each of its graphs in full
_BY_NAME = (0, 3, 56)  # from this version on an interrupt goes to the prompt that it names
_PATIENCE = 20.0
_UPLOADING = 120.0
_FOLDER = "hearthbot"
_KINDS = {".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a graph that was posted: its status, and all that was said."""

    status: int
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Queued:
    """The prompts that a server has not finished: the graph of each by its number."""

    running: Mapping[str, Mapping[str, Any]]
    pending: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Comfy:
    """A ComfyUI server; `label` is its name for the operator."""

    wire: Wire
    url: str
    label: str

    async def version(self) -> str:
        """Its version, empty where it does not tell."""
        told = (await self._record("/system_stats")).get("system")
        return str(told.get("comfyui_version") or "") if isinstance(told, dict) else ""

    async def about(self, node: str) -> Mapping[str, Any] | None:
        """What a class of nodes takes, None where it is not there."""
        told = (await self._record(f"/object_info/{quote(node, safe='')}")).get(node)
        return told if isinstance(told, dict) else None

    async def post(self, prompt_id: str, client_id: str, graph: Mapping[str, Any]) -> Posted:
        """Put a graph into the queue; a refusal of it is an answer."""
        body = {"prompt": graph, "prompt_id": prompt_id, "client_id": client_id}
        ask = self._ask("/prompt", body, takes=frozenset({400}))
        async with self.wire.answer(ask) as answer:
            status, raw = answer.status, await answer.whole()
        return Posted(status, self._decoded(raw, "/prompt"))

    async def history(self, prompt_id: str) -> Mapping[str, Any] | None:
        """What became of a prompt; None where it is unknown, or not over."""
        told = (await self._record(f"/history/{prompt_id}")).get(prompt_id)
        return told if isinstance(told, dict) else None

    async def queue(self) -> Queued:
        """What runs and what waits."""
        told = await self._record("/queue")
        running, pending = (told.get(f"queue_{name}") for name in ("running", "pending"))
        return Queued(self._numbered(running), self._numbered(pending))

    async def take_back(self, prompt_id: str) -> None:
        """End a prompt, wherever it is, and nobody else's."""
        await self._tell("/queue", {"delete": [prompt_id]})
        # older ones interrupt whoever runs
        named = _numbers(await self.version()) >= _BY_NAME
        if not named and prompt_id not in (await self.queue()).running:
            return
        await self._tell("/interrupt", {"prompt_id": prompt_id})

    async def free(self) -> None:
        """Ask it to give back the memory of its models."""
        await self._tell("/free", {"unload_models": True, "free_memory": True})

    async def upload(self, picture: Path) -> str:
        """Hand over a picture and tell what the server calls it; the same one is kept once."""
        form = await asyncio.to_thread(_form, picture)
        ask = Ask(self.label, f"{self.url}/upload/image", form=form, patience=_UPLOADING)
        told = await self.wire.json(ask)
        if not (isinstance(told, dict) and isinstance(told.get("name"), str)):
            raise BackendNonsense(self.label, "its answer to an upload has another shape")
        folder = told.get("subfolder") or ""
        return f"{folder}/{told['name']}" if folder else told["name"]

    async def fetch(self, output: Mapping[str, str], path: Path) -> int:
        """Write an output into a file and tell its size."""
        names = {name: output.get(name) or "" for name in ("filename", "subfolder", "type")}
        return await self.wire.kept(self._ask(f"/view?{urlencode(names)}"), path, LARGEST_OUTPUT)

    def talk(self, client_id: str) -> AbstractAsyncContextManager[Talk]:
        """Open the socket over which a client hears of its own prompts."""
        scheme, _, where = self.url.partition("://")
        web = "wss" if scheme == "https" else "ws"
        return self.wire.talk(Ask(self.label, f"{web}://{where}/ws?clientId={client_id}"))

    async def _tell(self, route: str, body: Mapping[str, object]) -> None:
        async with self.wire.answer(self._ask(route, body)) as answer:
            await answer.whole()

    async def _record(self, route: str) -> Mapping[str, Any]:
        raw = await self.wire.whole(self._ask(route), _LARGEST_LIST)
        return self._decoded(raw, route)

    def _decoded(self, raw: bytes, route: str) -> Mapping[str, Any]:
        return record(self._ask(route), raw)

    def _numbered(self, entries: Any) -> dict[str, Mapping[str, Any]]:
        try:
            return {entry[1]: entry[2] for entry in entries}
        except (TypeError, IndexError, KeyError):
            raise BackendNonsense(self.label, "its queue has another shape") from None

    def _ask(
        self,
        route: str,
        body: Mapping[str, object] | None = None,
        takes: frozenset[int] = frozenset(),
    ) -> Ask:
        return Ask(self.label, f"{self.url}{route}", body, patience=_PATIENCE, takes=takes)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", version)[:3])


def _form(picture: Path) -> Form:
    """The same picture always has the same name, so that the server keeps it once."""
    with picture.open("rb") as file:
        name = hashlib.file_digest(file, "sha256").hexdigest()[:24]
    mime = _KINDS.get(picture.suffix.lower(), "image/jpeg")
    texts = {"type": "input", "subfolder": _FOLDER}
    return Form(texts, picture, picture.stat().st_size, mime, ("image", name))
