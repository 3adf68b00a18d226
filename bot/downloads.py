"""Files that people sent, brought from Telegram: piece by piece, within limits and deadlines.

Nothing of what a sender says about a file is relied upon: its name is ours, its size is counted.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.methods import TelegramMethod
from yarl import URL

from bot.delivery.session import ANSWER_SECONDS, Session
from bot.delivery.verdicts import gist
from bot.limits import CLOUD_DOWN, MEGABYTE, Limits
from bot.pieces import QUIET_SECONDS, TELEGRAM, GoneError, Source, TooLargeError, save
from domain.errors import BackendUnavailable, Broken, TooBig
from domain.messages import Attachment
from services.words import Voice

SLOWEST = 100_000.0
"""Bytes a second; a server of one's own answers only once it has the file itself."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}")


class FindFile(TelegramMethod[Any]):
    """Where a file can be had."""

    __returning__: ClassVar[Any] = dict[str, Any]
    __api_method__: ClassVar[str] = "getFile"

    file_id: str


@dataclass(frozen=True, slots=True)
class Downloads:
    """Fetches over the Bot API; what a server of one's own has on this disk is taken from there."""

    bot: Bot
    session: Session
    limits: Limits
    quiet: float = QUIET_SECONDS

    async def fetch(self, attachment: Attachment, into: Path, voice: Voice) -> Path:
        """Write the file into this folder, and return where it is.

        Raises TooBig or Broken, in the person's words, and BackendUnavailable.
        """
        if attachment.size > self.limits.down:
            raise TooBig(self._too_big(voice, self.limits.down))
        try:
            return await self._fetch(attachment, into)
        except TooLargeError:
            raise TooBig(self._too_big(voice, self.limits.down)) from None
        except GoneError:
            words = voice("Telegram does not have this file any more. Please send it again.")
            raise Broken(words) from None
        except TelegramBadRequest as error:
            if "file is too big" in error.message:
                raise TooBig(self._too_big(voice, CLOUD_DOWN)) from None
            words = voice("Telegram does not have this file any more. Please send it again.")
            raise Broken(words) from None
        except AiogramError as error:
            raise BackendUnavailable(TELEGRAM, gist(error)) from None

    async def _fetch(self, attachment: Attachment, into: Path) -> Path:
        patience = ANSWER_SECONDS + (attachment.size / SLOWEST if self.limits.own else 0)
        find = FindFile(file_id=attachment.ref)
        found = await self.bot(find, request_timeout=int(patience))
        where, size = _where(found)
        file = into / _name(attachment.ref, attachment.kind.value, where)
        if self.limits.own and where.startswith("/"):
            await asyncio.to_thread(_take, Path(where), file, self.limits.down)
            return file
        if size > self.limits.down:
            raise TooLargeError
        url = self.session.api.file_url(self.bot.token, quote(where))
        source = Source(URL(url, encoded=True), size, self.limits.down)
        await save(await self.session.create_session(), source, file, self.quiet)
        return file

    def _too_big(self, voice: Voice, most: int) -> str:
        if self.limits.own and most == self.limits.down:
            return voice(
                "This file is too big: I take up to {n} MB. Please send a shorter one.",
                n=most // MEGABYTE,
            )
        return voice(
            "This file is too big: Telegram gives bots up to {n} MB. Please send a shorter one, or"
            " record it as a voice message, which takes less. The owner of the bot can lift this"
            " limit with a Bot API server of their own.",
            n=most // MEGABYTE,
        )


def _where(found: Mapping[str, Any]) -> tuple[str, int]:
    """The path and the size in Telegram's answer."""
    where, size = found.get("file_path"), found.get("file_size") or 0
    if not isinstance(where, str) or not where or not isinstance(size, int):
        raise GoneError
    return where, size


def _name(ref: str, kind: str, where: str) -> str:
    """A name of our own, another one for each file; only a harmless ending is taken over."""
    ending = Path(where).suffix
    known = ending if _ENDING.fullmatch(ending) else ""
    return f"{kind}-{hashlib.sha256(ref.encode()).hexdigest()[:12]}{known}"


def _take(there: Path, file: Path, most: int) -> None:
    """Give a file on this disk a second name, or copy it where that cannot be."""
    try:
        if there.stat().st_size > most:
            raise TooLargeError
        try:
            os.link(there, file)
        except OSError:
            shutil.copyfile(there, file)
    except OSError as trouble:
        file.unlink(missing_ok=True)
        reason = f"its server's files cannot be read here: {trouble.strerror}"
        raise BackendUnavailable(TELEGRAM, reason) from None
