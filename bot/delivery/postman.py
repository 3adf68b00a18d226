"""Makes Telegram show what one row of the outbox says, whatever stands in the way."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramMigrateToChat
from aiogram.methods import TelegramMethod

from bot.delivery.body import Body
from bot.delivery.calls import Delete, editing, sending
from bot.delivery.doubt import Doubt
from bot.delivery.freight import NOTHING_LOADED, Freight, UnsendableError
from bot.delivery.newest import Newest, sequence
from bot.delivery.otherwise import as_document, guises, under_what_is_there, without_file
from bot.delivery.pace import Pace
from bot.delivery.session import ANSWER_SECONDS
from bot.delivery.verdicts import (
    LONGEST_PAUSE,
    UNSETTLED,
    Verdict,
    gist,
    judge,
    pause_after,
)
from storage.outbox import Row

log = logging.getLogger(__name__)

SETTLING_SECONDS = 1.5  # a server whose answer was lost may still be at work
LATE_SECONDS = 300.0
"""The longest pause between two tries to upload a file, which costs more than to say a text."""


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended: as this message, or not at all and why.

    `unwelcome` when somebody does not want this kind of message, which is no trouble.
    """

    message: int | None
    error: str = ""
    blocked: bool = False
    unwelcome: bool = False


@dataclass(slots=True)
class Errand:
    """A row on its way; it changes as Telegram's answers come in.

    `doubtful` when it may have arrived; `touched` once it cannot be given back as never sent;
    `late` once others were let by. Before the next try there is a `pause` in seconds. `instead` is
    a message that has to go because it cannot become what is wanted.
    """

    row: Row
    body: Body | None
    doubtful: bool = False
    touched: bool = False
    tries: int = 0
    late: bool = False
    pause: float = 0.0
    instead: int | None = None

    @property
    def is_upload(self) -> bool:
        """Whether there is a file to be sent."""
        return self.is_new and self.body is not None and self.body.file is not None

    @property
    def is_new(self) -> bool:
        """Whether there is no message yet."""
        return self.row.message is None


@dataclass(slots=True)
class Postman:
    """Goes until a row is delivered or can never be.

    `caught_up` comes back when the updates have been seen that waited at the start: only then is
    it known which ids a message in doubt could have.
    """

    bot: Bot
    pace: Pace
    newest: Newest
    doubt: Doubt
    caught_up: Callable[[], Awaitable[None]]
    freight: Freight
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _under_way: Counter[int] = field(default_factory=Counter)

    async def settle(self, errand: Errand) -> Result | None:
        """Send, edit or delete; comes back only when that is done or known to be impossible.

        But where an upload fails for the first time it comes back with None: a text must not wait
        for it.
        """
        key = sequence(errand.row.chat)
        self._under_way[key] += 1
        try:
            while True:
                await self._rest(errand)
                if result := await self._attempt(errand):
                    return result
                if errand.tries and errand.is_upload and not errand.late:
                    errand.late = True
                    return None
        finally:
            self._under_way[key] -= 1

    async def _rest(self, errand: Errand) -> None:
        pause, errand.pause = errand.pause, 0.0
        if pause:
            await self.sleep(pause)

    async def _attempt(self, errand: Errand) -> Result | None:
        try:
            message = await self._search(errand) if errand.doubtful and errand.is_new else None
            if message is not None:
                errand.row = replace(errand.row, message=message)
            return await self._bring(errand)
        except UnsendableError as error:
            return _at_least_words(errand, Result(None, str(error)))
        except AiogramError as error:
            return self._after(error, errand)

    async def _search(self, errand: Errand) -> int | None:
        await self.caught_up()
        others = self._under_way[sequence(errand.row.chat)]
        found = None
        for body in guises(errand.row.part, errand.body):
            found = found or await self.doubt.find(errand.row, body, others)
        log.info(
            "A message in doubt %s", "was found" if found else "had not arrived",
            extra={"action": "doubt", "row": errand.row.id},
        )  # fmt: skip
        errand.doubtful = False
        return found

    async def _bring(self, errand: Errand) -> Result | None:
        row, body = errand.row, errand.body
        if body is None:
            if row.message is not None:
                await self._call(errand, Delete(chat_id=row.chat, message_id=row.message))
            return Result(row.message or 0)
        await self.pace.message(row.chat)
        await self._clear(errand)
        if row.message is not None:
            await self._call(errand, editing(row.chat, row.message, body))
            return Result(row.message)
        load = self.freight.find(body.file) if body.file else NOTHING_LOADED
        call = sending(row.chat, row.topic, body, load.path)
        answer = await self._call(errand, call, load.seconds)
        message: int = answer["message_id"]
        self.newest.saw(row.chat, message)
        return Result(message)

    async def _clear(self, errand: Errand) -> None:
        """Take away what could not become what is wanted; if it is gone already, so much better."""
        if errand.instead is None:
            return
        try:
            await self._call(errand, Delete(chat_id=errand.row.chat, message_id=errand.instead))
        except AiogramError as error:
            if judge(error) in UNSETTLED:
                raise
        errand.instead = None

    async def _call(self, errand: Errand, method: TelegramMethod[Any], seconds: float = 0) -> Any:
        """Make a call, which may take so many seconds more than one without a file."""
        errand.touched = True
        return await self.bot(method, request_timeout=int(ANSWER_SECONDS + seconds))

    def _after(self, error: AiogramError, errand: Errand) -> Result | None:
        """Decide what an error means; None is another attempt."""
        verdict = judge(error)
        if verdict in UNSETTLED:
            self._later(verdict, errand)
            return None
        if verdict is Verdict.DONE:
            return Result(errand.row.message or 0)
        if verdict is Verdict.BLOCKED:
            return Result(None, gist(error), blocked=True)
        if isinstance(error, TelegramMigrateToChat):
            errand.row = replace(errand.row, chat=error.migrate_to_chat_id)
            return None
        if self._adapt(verdict, errand):
            return None
        return _less(errand, Result(None, gist(error), unwelcome=verdict is Verdict.UNWELCOME))

    def _adapt(self, verdict: Verdict, errand: Errand) -> bool:
        """Let the next attempt be another one; False where that would not help."""
        row, body = errand.row, errand.body
        if verdict is Verdict.GONE and not errand.is_new:
            errand.row = replace(row, message=None, after=self.newest.of(row.chat))
        elif verdict is Verdict.OTHER_KIND and not errand.is_new and body:
            self._convert(errand, body)
        elif verdict is Verdict.FORMATTING and body and body.formatted:
            errand.body = body.plain()
        elif verdict is Verdict.NO_TOPIC and row.topic is not None:
            errand.row = replace(row, topic=None)
        else:
            return False
        return True

    def _convert(self, errand: Errand, body: Body) -> None:
        """Say it under the file that is there, or else in another message."""
        if under := under_what_is_there(body):
            errand.body = under
            return
        row = errand.row
        errand.instead = row.message
        errand.row = replace(row, message=None, after=self.newest.of(row.chat))

    def _later(self, verdict: Verdict, errand: Errand) -> None:
        if verdict is Verdict.FLOOD:
            errand.touched = errand.doubtful
            return  # the pace knows for how long
        if verdict is Verdict.UNKNOWN:
            errand.doubtful = errand.is_new
        errand.touched = errand.doubtful
        errand.tries += 1
        longest = LATE_SECONDS if errand.is_upload else LONGEST_PAUSE
        pause = pause_after(errand.tries, longest)
        log.warning("Telegram does not answer; again in %.1f s", pause, extra={"action": "deliver"})
        errand.pause = max(pause, SETTLING_SECONDS) if errand.doubtful else pause


def _less(errand: Errand, refused: Result) -> Result | None:
    """Send a file that was refused as it is, or what stands under it; None is another attempt."""
    plainer = as_document(errand.body) if errand.is_upload and errand.body else None
    if plainer is None or refused.unwelcome:
        return _at_least_words(errand, refused)
    errand.body = plainer
    return None


def _at_least_words(errand: Errand, refused: Result) -> Result | None:
    """Say at least what was to stand under a file that will never go."""
    words = without_file(errand.body) if errand.is_upload and errand.body else None
    if words is None:
        return refused
    log.warning("A file stays behind: %s", refused.error, extra={"action": "deliver"})
    errand.body = words
    return None
