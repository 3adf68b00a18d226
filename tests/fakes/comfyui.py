"""A fake ComfyUI; `python -m tests.fakes.comfyui --port 8188` runs one to try the bot with."""

from __future__ import annotations

import argparse
import asyncio
import heapq
import json
import re
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.comfy_checks import checked
from tests.fakes.comfy_nodes import MODELS, NODES, Shelf
from tests.fakes.comfy_work import Prompt, Work
from tests.fakes.serving import Cut, Fake, Request, Script

FEATURES = {"supports_preview_metadata": True, "max_upload_size": 104857600}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_NAME = (0, 3, 56)


class FakeComfy(Fake):
    """Works at one prompt after another, each `seconds` long, and makes true files.

    `models` and `nodes` are what it has. How it fails is said by `work` and by these: `version` is
    what it says it is, and before 0.3.56 an interrupt hits whoever runs; `strict` refuses numbers
    that are no UUIDs; `silent` sockets say nothing, `mute` ones are refused; `unclear` takes a
    prompt and cuts the connection, `lossy` cuts it without taking the prompt; `hides` are outputs
    that are not there when they are fetched. `interrupted` are the prompts that were, `freed`
    counts how often memory was asked back.
    """

    def __init__(self, script: Script | None = None, port: int = 0, *, seconds: float = 0) -> None:
        super().__init__(script, port)
        self.models = {folder: list(names) for folder, names in MODELS.items()}
        self.nodes = dict(NODES)
        self.version = "0.3.64"
        self.strict = True
        self.silent = self.mute = self.unclear = self.lossy = self.hides = False
        self.interrupted: list[str] = []
        self.freed = 0
        self.work = Work(self._send, seconds)
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self._aware = set[str]()
        self._number = 0
        self._worker: asyncio.Task[None] | None = None

    @property
    def shelf(self) -> Shelf:
        """What it has."""
        return Shelf(self.nodes, self.models, self.work.pictures)

    def routes(self) -> list[web.RouteDef]:
        """Its addresses, each of which stands below /api as well."""
        plays = [
            ("POST", "/prompt", self._prompt),
            ("GET", "/prompt", self._remaining),
            ("GET", "/queue", self._queue),
            ("POST", "/queue", self._delete),
            ("POST", "/interrupt", self._interrupt),
            ("POST", "/free", self._free),
            ("GET", "/history", self._histories),
            ("POST", "/history", self._forget),
            ("GET", "/history/{id}", self._history),
            ("GET", "/object_info", self._infos),
            ("GET", "/object_info/{name}", self._info),
            ("GET", "/system_stats", self._stats),
            ("GET", "/features", self._features),
            ("POST", "/upload/image", self._upload),
            ("GET", "/view", self._view),
        ]
        below = ("", "/api")
        found = [self.route(way, f"{at}{path}", play) for way, path, play in plays for at in below]
        return [*found, *(web.get(f"{at}/ws", self._socket) for at in below)]

    async def start(self) -> None:
        """Listen, and begin to work."""
        await super().start()
        self._worker = asyncio.create_task(self.work.run(), name="worker of a fake ComfyUI")

    async def stop(self) -> None:
        """Stop as a server that is killed: queue and history are forgotten, files are not."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait([self._worker])
            if not self._worker.cancelled():
                await self._worker  # it has broken off, which is a fault of the fake
        await self.drop_sockets()
        await super().stop()
        self.work.forget()

    async def restart(self) -> None:
        """Be killed, and start again at the same address."""
        await self.stop()
        await self.start()

    async def drop_sockets(self) -> None:
        """Lose all sockets without a goodbye."""
        for socket in list(self._sockets.values()):
            with suppress(AttributeError):
                socket._req.transport.close()  # type: ignore[union-attr]
        self._sockets.clear()

    async def _prompt(self, request: web.Request, noted: Request) -> web.Response:
        if "_broken" in noted.body:
            return web.Response(status=500, text="500 Internal Server Error")
        if self.lossy:
            raise Cut
        graph = noted.body.get("prompt")
        if graph is None:
            words = "No prompt provided"
            error = {"type": "no_prompt", "message": words, "details": words, "extra_info": {}}
            return _said({"error": error, "node_errors": {}}, 400)
        prompt_id = str(noted.body.get("prompt_id") or uuid.uuid4())
        if self.strict and not _UUID.fullmatch(prompt_id):
            error = {"type": "invalid_prompt_id", "message": "no UUID", "details": ""}
            return _said({"error": error | {"extra_info": {}}, "node_errors": {}}, 400)
        verdict = checked(graph, self.shelf)
        if verdict.error:
            return _said({"error": verdict.error, "node_errors": verdict.nodes}, 400)
        number = float(noted.body["number"]) if "number" in noted.body else self._number
        number = -number if noted.body.get("front") else number
        self._number += 1
        client = str(noted.body.get("client_id") or "")
        extra = {**(noted.body.get("extra_data") or {})} | ({"client_id": client} if client else {})
        await self.work.add(Prompt(number, prompt_id, graph, extra, verdict.good))
        if self.unclear:
            raise Cut
        return _said({"prompt_id": prompt_id, "number": number, "node_errors": verdict.nodes})

    async def _remaining(self, _request: web.Request, _noted: Request) -> web.Response:
        return _said({"exec_info": {"queue_remaining": self.work.remaining}})

    async def _queue(self, _request: web.Request, _noted: Request) -> web.Response:
        running = [self.work.running.told()] if self.work.running else []
        pending = [one.told() for one in self.work.pending]
        return _said({"queue_running": running, "queue_pending": pending})

    async def _delete(self, _request: web.Request, noted: Request) -> web.Response:
        gone = set(noted.body.get("delete") or ())
        everything = noted.body.get("clear")
        kept = [one for one in self.work.pending if one.id not in gone and not everything]
        self.work.pending[:] = kept
        heapq.heapify(self.work.pending)
        return web.Response()

    async def _interrupt(self, _request: web.Request, noted: Request) -> web.Response:
        named, running = noted.body.get("prompt_id"), self.work.running
        numbers = tuple(int(one) for one in self.version.split("."))
        if running and (not named or numbers < _BY_NAME or named == running.id):
            self.interrupted.append(running.id)
            self.work.interrupt.set()
        return web.Response()

    async def _free(self, _request: web.Request, noted: Request) -> web.Response:
        self.freed += bool(noted.body.get("unload_models") and noted.body.get("free_memory"))
        return web.Response()

    async def _histories(self, _request: web.Request, _noted: Request) -> web.Response:
        return _said(self.work.history)

    async def _history(self, request: web.Request, _noted: Request) -> web.Response:
        found = self.work.history.get(request.match_info["id"])
        return _said({request.match_info["id"]: found} if found else {})

    async def _forget(self, _request: web.Request, noted: Request) -> web.Response:
        for gone in noted.body.get("delete") or list(self.work.history):
            self.work.history.pop(gone, None)
        return web.Response()

    async def _infos(self, _request: web.Request, _noted: Request) -> web.Response:
        return _said(
            {name: told for one in self.nodes for name, told in self.shelf.info(one).items()}
        )

    async def _info(self, request: web.Request, _noted: Request) -> web.Response:
        return _said(self.shelf.info(request.match_info["name"]))

    async def _stats(self, _request: web.Request, _noted: Request) -> web.Response:
        system = {"os": "posix", "ram_total": 1 << 34, "ram_free": 1 << 33}
        system |= {"comfyui_version": self.version, "python_version": "3.11", "argv": ["main.py"]}
        device = {"name": "cpu", "type": "cpu", "index": None}
        device |= {"vram_total": 1 << 34, "vram_free": 1 << 33}
        return _said({"system": system, "devices": [device]})

    async def _features(self, _request: web.Request, _noted: Request) -> web.Response:
        return _said(FEATURES)

    async def _upload(self, request: web.Request, noted: Request) -> web.Response:
        if "image" not in noted.body:
            return web.Response(status=400)
        posted = await request.post()
        wanted = PurePosixPath(posted["image"].filename)  # type: ignore[union-attr]
        folder, raw = str(noted.body.get("subfolder") or ""), noted.body["image"]
        name, count = wanted.name, 0
        while noted.body.get("overwrite") not in {"true", "1"}:
            known = self.work.pictures.get(f"{folder}/{name}" if folder else name)
            if known in {None, raw}:
                break
            count += 1
            name = f"{wanted.stem} ({count}){wanted.suffix}"
        self.work.pictures[f"{folder}/{name}" if folder else name] = raw
        return _said({"name": name, "subfolder": folder, "type": "input"})

    async def _view(self, request: web.Request, _noted: Request) -> web.Response:
        names = [request.query.get(one, "") for one in ("filename", "subfolder", "type")]
        if names[0].startswith("/") or ".." in names[0]:
            return web.Response(status=400)
        if ".." in names[1]:
            return web.Response(status=403)
        raw = self.work.files.get((names[0], names[1], names[2] or "output"))
        if raw is None or self.hides:
            return web.Response(status=404)
        head = {"Content-Disposition": f'filename="{names[0]}"'}
        kinds = {
            ".png": "image/png",
            ".mp4": "video/mp4",
            ".webp": "image/webp",
            ".gif": "image/gif",
        }
        kind = kinds.get(PurePosixPath(names[0]).suffix, "application/octet-stream")
        return web.Response(body=raw, content_type=kind, headers=head)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if self.mute:
            raise web.HTTPForbidden
        client = request.query.get("clientId") or uuid.uuid4().hex
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets[client] = socket
        self._aware.discard(client)
        try:
            await self._send("status", {"status": self.work.status(), "sid": client}, client)
            running = self.work.running
            if running and running.client == client and self.work.node:
                await self._send("executing", {"node": self.work.node}, client)
            first = True
            async for message in socket:
                if first and message.type is WSMsgType.TEXT:
                    await self._agree(client, message.json())
                first = False
        finally:
            # as the true one: whichever of two sockets of a client closes, the client is forgotten
            self._sockets.pop(client, None)
        return socket

    async def _agree(self, client: str, said: Mapping[str, Any]) -> None:
        if said.get("type") == "feature_flags":
            if said.get("data", {}).get("supports_preview_metadata"):
                self._aware.add(client)
            await self._send("feature_flags", FEATURES, client)

    async def _send(self, kind: str, data: Any, client: str | None) -> None:
        """Send an event, or the bytes of a preview, to one client; to all where none is named."""
        names = [client] if client is not None else list(self._sockets)
        for name in names:
            socket = self._sockets.get(name)
            if socket is None or self.silent:
                continue
            with suppress(ConnectionError, RuntimeError):
                if kind == "preview":
                    await socket.send_bytes(data.framed(aware=name in self._aware))
                else:
                    await socket.send_str(json.dumps({"type": kind, "data": data}))


def _said(record: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.json_response(record, status=status)


async def _serve(port: int, seconds: float) -> None:
    async with FakeComfy(port=port, seconds=seconds) as fake:
        print(json.dumps({"url": fake.url}), flush=True)  # noqa: T201 (its whole output)
        await asyncio.Event().wait()


def main() -> None:
    """Run one until it is interrupted; prints where it listens as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=8.0, help="that a prompt takes")
    given = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(given.port, given.seconds))


if __name__ == "__main__":
    main()
