"""A bot with a ComfyUI that draws and films without any weights, each a process of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from benchmarks.children import PATIENCE, server
from benchmarks.figures import OURS
from benchmarks.scene import Scene, Scenes
from benchmarks.town import Record

IMAGE, VIDEO = "image", "video"
SHOWN = {IMAGE: "photo", VIDEO: "video"}
"""As what Telegram shows a work."""

GRAPHS = {IMAGE: "try-picture", VIDEO: "try-animation"}
READY = "worker: bot.working [ready]"

_JOB = "SELECT created_at, started_at, finished_at FROM jobs WHERE chat = ? AND task IN (?, ?)"


@dataclass(slots=True)
class Studio:
    """The bot, and the server that it draws with."""

    scene: Scene
    comfy: aiohttp.ClientSession

    @property
    def folder(self) -> Path:
        """Where all files of the bot are."""
        return self.scene.bot.log.parent

    async def at_work(self, lives: int = 1) -> psutil.Process:
        """The worker process, once it has begun for the so many-th time."""
        async with asyncio.timeout(PATIENCE):
            while self.lives() < lives:
                self.scene.bot.alive()
                await asyncio.sleep(0.05)
        found = self.worker()
        assert found, "the worker has ended at once"
        return found

    def lives(self) -> int:
        """How often a worker process has begun."""
        return self.scene.bot.log.read_text().count(READY)

    def worker(self) -> psutil.Process | None:
        """The worker process that lives, if one does."""
        for child in psutil.Process(self.scene.bot.pid).children():
            try:
                if "--fed" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                    return child
            except psutil.Error:
                continue
        return None

    async def history(self) -> Mapping[str, Any]:
        """What the server tells of all that it has made."""
        async with self.comfy.get("/history") as answer:
            told: dict[str, Any] = await answer.json()
        return told

    def times(self, chat: int) -> tuple[float, float, float]:
        """When the work of a chat was written down, begun and ended; seconds since 1970."""
        with closing(sqlite3.connect(self.folder / "data" / "hearthbot.db")) as database:
            [found] = database.execute(_JOB, (chat, "draw", "film")).fetchall()
        return found[0], found[1], found[2]


async def studio(scenes: Scenes, seconds: float, most: int) -> Studio:
    """Set one up whose prompts take so many seconds; so many may wait. It is not started yet."""
    url = await scenes.stack.enter_async_context(
        server("tests.fakes.comfyui", "--seconds", f"{seconds:g}")
    )
    quota = {"queue_limit": most, "per_user_waiting": most}
    backends = {
        "[[image]]": {"use": "services.backends.comfyui:ComfyImage", "url": url},
        "[[video]]": {"use": "services.backends.comfyui:ComfyVideo", "url": url},
    }
    graphs = {f"[[{skill}]]": {"workflow": name} for skill, name in GRAPHS.items()}
    tables = {name: {**backends[name], **graphs[name]} for name in backends}
    quotas = {f"[quota.{skill}]": quota for skill in GRAPHS}
    scene = await scenes.cold(OURS, messages_per_second=0, more={**tables, **quotas})
    client = aiohttp.ClientSession(url, trust_env=False)
    return Studio(scene, await scenes.stack.enter_async_context(client))


def works(messages: Sequence[Record]) -> list[Record]:
    """Those messages of the bot that are works."""
    return [
        one
        for one in messages
        if one["from"]["is_bot"] and any(kind in one for kind in SHOWN.values())
    ]
