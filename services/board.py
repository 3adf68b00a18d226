"""Shows those who wait where they stand in line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from domain.answers import Phase, Progress
from services.stage import Screen, Stage
from services.words import Voice, Words
from storage.jobs import Head, Jobs

log = logging.getLogger(__name__)

PATIENCE = 0.7
"""Seconds that nobody needs to be told why they wait."""

PAUSE = 1.0
"""Seconds between two looks at the line."""

MOST = 200
"""How many of those who wait are told at the most; beyond that Telegram would not keep up."""


@dataclass(slots=True)
class Board:
    """One screen for each job that waits at the head of its lane.

    `anybody` says whether any chat model is up; `elsewhere` what is told to those who wait in
    other lines, nothing where the usual words fit.
    """

    jobs: Jobs
    stage: Stage
    words: Words
    clock: Callable[[], float]
    anybody: Callable[[], bool]
    elsewhere: Callable[[Head, Voice], Awaitable[str]]
    shown: dict[int, tuple[Screen, AsyncExitStack]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Look at the line while somebody waits in it, until cancelled."""
        self.news.set()  # some may have been waiting since before the start
        try:
            while True:
                try:
                    await self._look()
                except Exception:
                    log.exception("The board goes on", extra={"action": "board"})
                await asyncio.sleep(PAUSE)
        finally:
            for job in list(self.shown):
                await self.release(job)

    async def release(self, job: int) -> None:
        """The job is about to run: from now on its own screen shows it."""
        if job in self.shown:
            _, stack = self.shown.pop(job)
            await stack.aclose()

    async def _look(self) -> None:
        """Wait until somebody may be waiting, then tell all of them where they stand."""
        if not self.shown:
            await self.news.wait()
            self.news.clear()
            await asyncio.sleep(PATIENCE)
        heads = await self.jobs.heads(self.clock() - PATIENCE, MOST, but="quick")
        for gone in self.shown.keys() - {head.job.id for head in heads}:
            await self.release(gone)
        for head in heads:
            if head.job.id not in self.shown:
                stack = AsyncExitStack()
                self.shown[head.job.id] = (
                    await stack.enter_async_context(self.stage.show(head.job)),
                    stack,
                )
            self.shown[head.job.id][0].show(Progress(Phase.QUEUED, await self._note(head)))
        if not heads and await self._anybody_waits():
            self.news.set()

    async def _anybody_waits(self) -> bool:
        """Whether somebody may have to be shown soon: held, or behind another in their lane."""
        return any(pool != "quick" for pool in await self.jobs.waiting_by_pool())

    async def _note(self, head: Head) -> str:
        voice = self.words.speak(head.job.payload.person.language)
        if note := await self.elsewhere(head, voice):
            return note
        if not self.anybody():
            return voice("None of my models answers; I keep trying…")
        if not head.before:
            return voice("You are the next in line.")
        return voice.many(
            "In line: {n} question is before yours.",
            "In line: {n} questions are before yours.",
            head.before,
        )
