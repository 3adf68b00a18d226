"""A fake of Moondream Station; `python -m tests.fakes.moondream` runs one."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from aiohttp import web

from tests.fakes.serving import Fake, Request, Script, command_line

REJECTED = {"error": "Queue is full", "status": "rejected"}
TOO_LATE = {"error": "Request timeout", "status": "timeout"}
Answer = Mapping[str, object]


class FakeMoondream(Fake):
    """Answers with what the script says, after `script.first_after` seconds of its one worker.

    Unless `free` is set the worker does not get on. A question that was too late is worked at all
    the same. `running` is whether a model runs, `streams` whether it can stream, `queue` how
    many may wait, `patience` the seconds for who does not say how many. Another `script.status`
    than 200 is a failure in the model, which as every failure comes with 200.
    """

    def __init__(self, script: Script | None = None, port: int = 0) -> None:
        super().__init__(script or Script("A cat on a sofa."), port)
        self.running = True
        self.streams = True
        self.queue = 10
        self.patience = 30.0
        self.free = asyncio.Event()
        self.free.set()
        self._worker = asyncio.Lock()
        self._jobs = set[asyncio.Task[Answer]]()
        self._processing = 0
        self._timeouts = 0

    async def idle(self) -> None:
        """Wait until there is nothing left to do."""
        async with asyncio.timeout(10):
            while self._jobs:
                await asyncio.wait(set(self._jobs))

    def routes(self) -> list[web.RouteDef]:
        """Its own addresses; behind all others is a function of the model, or none."""
        return [
            self.route("GET", "/health", self._health),
            self.route("GET", "/v1/models", self._models),
            self.route("GET", "/v1/stats", self._stats),
            self.route("*", "/{other:.*}", self._function),
        ]

    async def stop(self) -> None:
        """Stop, and let go of what was being worked at."""
        await super().stop()
        for job in self._jobs:
            job.cancel()
        if self._jobs:
            await asyncio.wait(set(self._jobs))

    async def _health(self, _request: web.Request, _noted: Request) -> web.Response:
        return _said({"status": "ok", "server": "moondream-station"})

    async def _models(self, _request: web.Request, _noted: Request) -> web.Response:
        names = dict.fromkeys(("id", "name", "description"), "stub")
        return _said({"models": [names | {"version": "1.0.0"}]})

    async def _stats(self, _request: web.Request, _noted: Request) -> web.Response:
        if not self.running:
            return _said({"status": "stopped", "requests_processed": 0})
        return _said(
            {
                "workers": 1,
                "queue_size": self._waiting,
                "max_queue_size": self.queue,
                "processing": self._processing,
                "timeouts": self._timeouts,
                "default_timeout": self.patience,
                "model": "stub",
                "status": "running",
                "requests_processed": 0,
            }
        )

    @property
    def _waiting(self) -> int:
        return len(self._jobs) - self._processing

    async def _function(self, request: web.Request, noted: Request) -> web.StreamResponse:
        if not self.running:
            return _said({"detail": "Inference service not running"}, 503)
        name = request.path.removeprefix("/v1/")
        functions: dict[str, Callable[[Mapping[str, Any]], Answer]] = {
            "caption": self._caption,
            "query": self._query,
        }
        if name not in functions:
            return _said({"error": f"Function '{name}' not available"})
        answer = await self._submitted(lambda: functions[name](noted.body), noted)
        said = answer.get("answer", answer.get("caption"))
        if said is not None and self.streams and noted.body.get("stream"):
            headers = {"Content-Type": "text/event-stream; charset=utf-8"}
            return await self.stream(request, self._frames(noted), headers)
        if said is not None:
            answer = {**answer, "_stats": _figures(len(str(said).split()))}
        return _said(answer)

    async def _submitted(self, function: Callable[[], Answer], noted: Request) -> Answer:
        if self._waiting >= self.queue:
            return REJECTED
        job = asyncio.create_task(self._worked(function), name="job of a fake Moondream")
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        patience = float(noted.body.get("timeout") or self.patience)
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(job)
        except TimeoutError:
            self._timeouts += 1
            return TOO_LATE

    async def _worked(self, function: Callable[[], Answer]) -> Answer:
        async with self._worker:
            self._processing += 1
            try:
                await asyncio.sleep(self.script.first_after)
                await self.free.wait()
                if self.script.status != 200:
                    return {"error": self.script.error, "status": "error"}
                return function()
            finally:
                self._processing -= 1

    def _caption(self, body: Mapping[str, Any]) -> Answer:
        if not body.get("image_url"):
            return {"error": "image_url is required"}
        return _unless_broken(body, {"caption": self.script.text(body)})

    def _query(self, body: Mapping[str, Any]) -> Answer:
        if not (body.get("image_url") and body.get("question")):
            return {"error": "image_url and question are required"}
        return _unless_broken(body, {"answer": self.script.text(body)})

    async def _frames(self, noted: Request) -> AsyncGenerator[str, None]:
        """The answer in pieces; a model that fails meanwhile just ends."""
        sent = 0
        async for word in self.words(noted):
            if sent == self.script.error_after:
                return
            sent += 1
            yield _event({"chunk": word})
        if sent:
            yield _event({"stats": _figures(sent)})
        yield _event({"completed": True})


def _unless_broken(body: Mapping[str, Any], answer: Answer) -> Answer:
    """The answer, if the picture is one: base64, behind a prefix or bare."""
    address = str(body["image_url"])
    text = address.partition(",")[2] if address.startswith("data:image") else address
    try:
        picture = b64decode(text, validate=True)
    except ValueError as error:
        return {"error": str(error)}
    if not picture.startswith((b"\xff\xd8\xff", b"\x89PNG")):
        return {"error": "cannot identify image file <_io.BytesIO object at 0xADDR>"}
    return answer


def _figures(tokens: int) -> Answer:
    return {"tokens": tokens, "duration": 0.01, "tokens_per_sec": 255.4}


def _event(record: Answer) -> str:
    return f"data: {json.dumps(record)}\n\n"


def _said(record: Answer, status: int = 200) -> web.Response:
    return web.json_response(record, status=status)


if __name__ == "__main__":
    command_line(__doc__, FakeMoondream)
