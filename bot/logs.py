"""Logs for people or machines, with every secret masked and nobody's words in them.

A call names what happened for machines by `extra={"action": "update.accepted"}`; people read the
sentence. Other libraries are heard from a warning upwards, because below that some of them log
what people write.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from bot.traces import trace

OURS = ("bot", "handlers", "services", "storage", "playground")

_TOKEN = re.compile(r"\d{1,20}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
_LINE_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r"})


class Mask(logging.Filter):
    """Masks bot tokens, and the secrets it was told of, in everything that a record says."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        longest_first = sorted({one for one in secrets if one}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace what the record would say; a record is never held back."""
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info and record.exc_info[1]:
            record.exc_text = self.clean(trace(record.exc_info[1]))
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True

    def clean(self, text: str) -> str:
        """The text with every secret masked."""
        return _TOKEN.sub("***", self._secrets.sub("***", text))


class TextLines(logging.Formatter):
    """A line for people; a break inside a message cannot pass for a new line of the log.

    `who` is the process that speaks, where several share a log.
    """

    def __init__(self, who: str = "") -> None:
        super().__init__()
        self._who = f"{who}: " if who else ""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, who speaks, the sentence, and the trace of an error below."""
        action = f" [{record.__dict__['action']}]" if "action" in record.__dict__ else ""
        message = record.getMessage().translate(_LINE_BREAKS)
        line = f"{_time(record)} {record.levelname:<7} {self._who}{record.name}{action}: {message}"
        return "\n".join([line, *filter(None, (record.exc_text, record.stack_info))])


class JsonLines(logging.Formatter):
    """An object a line for machines, of these keys and no others."""

    def __init__(self, who: str = "") -> None:
        super().__init__()
        self._who = who

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, process, logger, action and message; `error` holds the trace."""
        said = {
            "time": _time(record),
            "level": record.levelname,
            "process": self._who,
            "logger": record.name,
            "action": record.__dict__.get("action", ""),
            "message": record.getMessage(),
            "error": record.exc_text or "",
        }
        return json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)


def set_up(
    level: str, form: str, secrets: Iterable[str], stream: TextIO, who: str = ""
) -> logging.Handler:
    """Log to the stream from now on, and only there; returns the handler that does it."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(who) if form == "json" else TextLines(who))
    handler.addFilter(Mask(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    return handler


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
