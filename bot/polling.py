"""Long polling that confirms nothing before it is written down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.rivalry import Rivalry

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
MOST = 100
LONG = 25
"""Seconds that a poll waits for something to happen."""


class RawUpdates(TelegramMethod[list[Any]]):
    """getUpdates, with the updates as they came: one that cannot be read spoils no other."""

    __returning__: ClassVar[Any] = list[Any]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class AnotherCopyError(Exception):
    """Another program polls with the same token."""


class WrongTokenError(Exception):
    """Telegram does not know the token."""


@dataclass(slots=True)
class Polling:
    """Fetches updates, has each batch taken, and only then asks for the next one.

    `take` writes a batch down in one transaction. `harden` returns when what was written survives
    a power cut; it runs while the work on the batch has already begun. `caught_up` is told when
    nothing waits any more that had come before; until then no poll waits for what may come.
    """

    bot: Bot
    allowed: list[str]
    take: Callable[[Sequence[dict[str, Any]]], Awaitable[None]]
    bury: Callable[[dict[str, Any], str], Awaitable[None]]
    harden: Callable[[], Awaitable[None]]
    caught_up: Callable[[], None]
    timeout: int = 0
    offset: int | None = None
    rivalry: Rivalry = field(default_factory=Rivalry)

    async def run(self) -> None:
        """Poll until cancelled; raises AnotherCopyError or WrongTokenError."""
        pause = 0.5
        while True:
            try:
                await self._round()
                self.rivalry.won()
                pause = 0.5
                continue
            except (TelegramUnauthorizedError, TelegramNotFound) as error:
                raise WrongTokenError from error
            except TelegramConflictError as error:
                await self._settle(error)
            except TelegramRetryAfter as error:
                pause = float(error.retry_after)
            except Exception as error:  # noqa: BLE001 - the loop must outlive any failure
                log.warning("Polling failed: %s", _short(error), extra={"action": "poll"})
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _settle(self, error: TelegramConflictError) -> None:
        """Take a forgotten webhook away; give way to another poller that was there first."""
        if "webhook" in error.message:
            with suppress(TelegramAPIError):  # the next poll tells whether it is still there
                await self.bot.delete_webhook()
        elif self.rivalry.lose():
            raise AnotherCopyError from error
        log.warning("Polling is disputed: %s", error.message, extra={"action": "poll"})

    async def _round(self) -> None:
        try:
            raw = await self._fetch(limit=MOST)
        except ClientDecodeError:
            raw = await self._fetch_one_by_one()
        if raw:
            await self.take(raw)
            await self.harden()
            self.offset = _last(raw) + 1
        if len(raw) < MOST:
            self.timeout = LONG
            self.caught_up()

    async def _fetch(self, *, limit: int, wait: int | None = None) -> list[dict[str, Any]]:
        wait = self.timeout if wait is None else wait
        method = RawUpdates(
            offset=self.offset, limit=limit, timeout=wait, allowed_updates=self.allowed
        )
        return await self.bot(method, request_timeout=wait + 15)

    async def _fetch_one_by_one(self) -> list[dict[str, Any]]:
        """The batch is no list of objects: look at its first update alone, or step over it."""
        try:
            return await self._fetch(limit=1, wait=0)
        except ClientDecodeError as error:
            await self._step_over(error)
            return []

    async def _step_over(self, error: ClientDecodeError) -> None:
        damaged = error.data
        if not isinstance(damaged, dict) or damaged.get("ok") is not True:
            raise error  # not Telegram's words: something in between is out of order
        update = {"update_id": (self.offset or 0), "damaged": str(damaged)[:4000]}
        await self.bury(update, "the answer of getUpdates could not be read")
        if self.offset is not None:
            self.offset += 1


def _last(raw: Sequence[Any]) -> int:
    """The highest id of a batch; what is no update has none."""
    return max(int(one["update_id"]) for one in raw if isinstance(one, dict))


def _short(error: Exception) -> str:
    """The kind of an error, and Telegram's own words where they are harmless."""
    words = error.message if isinstance(error, TelegramAPIError) else ""
    return f"{type(error).__name__} {words}".strip()
