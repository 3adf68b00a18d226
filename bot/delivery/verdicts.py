"""What an error of Telegram means for a message that was to be sent, edited or deleted."""

from __future__ import annotations

import re
from enum import Enum, auto

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.delivery.session import NotSent


class Verdict(Enum):
    """What is known after an error, and so what to do next."""

    FLOOD = auto()
    """Nothing happened; Telegram wants a pause, which the pace knows of."""
    NOT_DONE = auto()
    """Nothing happened; later it may."""
    UNKNOWN = auto()
    """It may have happened."""
    DONE = auto()
    """All is as it should be already."""
    GONE = auto()
    """There is no such message any more."""
    OTHER_KIND = auto()
    """The message has a file where only words were expected, or the other way round."""
    FORMATTING = auto()
    """The formatting was refused, if there was any."""
    NO_TOPIC = auto()
    """The topic does not exist any more."""
    MOVED = auto()
    """The group has become a supergroup with another id."""
    BLOCKED = auto()
    """Nobody there wants to hear from the bot."""
    UNWELCOME = auto()
    """They do not want messages of this kind, though others may arrive."""
    REFUSED = auto()
    """It will never happen."""


UNSETTLED = frozenset({Verdict.FLOOD, Verdict.NOT_DONE, Verdict.UNKNOWN})
"""After these it has to be tried again."""

LONGEST_PAUSE = 10.0


def pause_after(failures: int, longest: float = LONGEST_PAUSE) -> float:
    """How many seconds to leave Telegram alone after so many failures in a row."""
    return min(longest, 0.25 * 2 ** min(failures, 20)) if failures else 0.0


def _any(*said: str) -> re.Pattern[str]:
    return re.compile("|".join(said), re.IGNORECASE)


_SAID = (
    (_any("message is not modified", "message to delete not found"), Verdict.DONE),
    (_any("message can't be deleted", "MESSAGE_DELETE_FORBIDDEN"), Verdict.DONE),
    (_any("message to edit not found", "message can't be edited"), Verdict.GONE),
    (_any("MESSAGE_ID_INVALID"), Verdict.GONE),
    (_any("there is no (text|caption) in the message"), Verdict.OTHER_KIND),
    (_any("message thread not found", "TOPIC_DELETED"), Verdict.NO_TOPIC),
    (_any("VOICE_MESSAGES_FORBIDDEN", "CHAT_SEND_[A-Z]+_FORBIDDEN"), Verdict.UNWELCOME),
    (_any("not enough rights to send"), Verdict.UNWELCOME),
    (_any("can't parse", "entit", "rich", "block", "markdown", "table"), Verdict.FORMATTING),
)

_KINDS: tuple[tuple[type[AiogramError], Verdict], ...] = (
    (TelegramRetryAfter, Verdict.FLOOD),
    (TelegramMigrateToChat, Verdict.MOVED),
    (TelegramForbiddenError, Verdict.BLOCKED),
    (TelegramEntityTooLarge, Verdict.REFUSED),
    (TelegramNotFound, Verdict.FORMATTING),  # an older server does not know rich messages
    (NotSent, Verdict.NOT_DONE),
    (TelegramNetworkError, Verdict.UNKNOWN),
    (TelegramServerError, Verdict.UNKNOWN),
    (ClientDecodeError, Verdict.UNKNOWN),
)


def judge(error: AiogramError) -> Verdict:
    """Read the error's kind, and for a bad request what Telegram said about it."""
    if isinstance(error, TelegramBadRequest):
        said = (verdict for pattern, verdict in _SAID if pattern.search(error.message))
        return next(said, Verdict.REFUSED)
    kinds = (verdict for kind, verdict in _KINDS if isinstance(error, kind))
    return next(kinds, Verdict.NOT_DONE)


def gist(error: AiogramError) -> str:
    """The error in a line for the log: its kind and Telegram's words, which quote nobody."""
    return f"{type(error).__name__}: {getattr(error, 'message', '')}".removesuffix(": ")
