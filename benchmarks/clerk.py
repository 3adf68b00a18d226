"""A fake Ollama that takes notes, in a process of its own, each answer at once after a while."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script

SECONDS = 0.5
"""What an answer takes."""

_NOTE = "The keeper of the hive wrote down what the bees did, and its worth (p. {n})."


class Clerk(FakeOllama):
    """The fake with one more route: `/count` tells how many questions there were."""

    def __init__(self) -> None:
        super().__init__(Script(_answer, first_after=SECONDS))

    def routes(self) -> list[web.RouteDef]:
        """List Ollama's routes and that of the benchmark."""
        return [*super().routes(), web.get("/count", self._count)]

    async def _count(self, _request: web.Request) -> web.Response:
        return web.json_response(sum(bool(one.body["messages"]) for one in self.to("/api/chat")))


def _answer(_body: Mapping[str, Any]) -> str:
    """Notes and summaries as long as they usually are: about 90 words."""
    return " ".join([_NOTE.format(n=1)] * 6)


async def serve() -> None:
    """Answer until the standard input closes; the first line says where."""
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who asks may leave
    async with Clerk() as clerk:
        print(json.dumps({"url": clerk.url}), flush=True)
        await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(serve())
