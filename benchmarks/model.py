"""A fake Ollama in a process of its own, which tells when it was asked and when it spoke."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Request, Script


@dataclass(slots=True)
class Asked:
    """One question, and when its first and its last word left; times of time.monotonic()."""

    question: Request
    words_at: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As it goes over the wire."""
        said = self.question.body["messages"]
        return {"came": self.question.came, "words_at": self.words_at, "messages": said}


def answer_to(question: str, words: int) -> str:
    """What the model says to a question; each answer differs, and is known beforehand."""
    return " ".join([f"This is about {question}:", *["word"] * words, "end."])


class TimedOllama(FakeOllama):
    """The fake with two more routes: `/asked` tells, `/script` changes how it answers."""

    def __init__(self) -> None:
        super().__init__(Script(self._answer))
        self._asked: list[Asked] = []
        self._words = 3
        self._text = ""

    def routes(self) -> list[web.RouteDef]:
        """List Ollama's routes and the two of the benchmarks."""
        ours = [web.get("/asked", self._tell), web.post("/script", self._change)]
        return [*super().routes(), *ours]

    async def words(self, noted: Request) -> AsyncGenerator[str, None]:
        """Yield the words, and write down when each one leaves."""
        asked = Asked(noted)
        self._asked.append(asked)
        async with aclosing(super().words(noted)) as words:
            async for word in words:
                asked.words_at.append(time.monotonic())
                yield word

    def _answer(self, body: Mapping[str, Any]) -> str:
        return self._text or answer_to(str(body["messages"][-1]["content"]), self._words)

    async def _tell(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        return web.json_response({"asked": [one.told() for one in self._asked[since:]]})

    async def _change(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self._words, self._text = int(wanted["words"]), str(wanted["text"])
        self.script.words_per_second = float(wanted["words_per_second"])
        self.script.first_after = float(wanted["first_after"])
        return web.json_response({"known": len(self._asked)})


async def serve() -> None:
    """Answer until the standard input closes; the first line says where."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who asks may be killed
    async with TimedOllama() as model:
        print(json.dumps({"url": model.url}), flush=True)
        await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(serve())
