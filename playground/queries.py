"""Questions that people ask by a button or by an inline query, and that grow old."""

import time
from dataclasses import dataclass
from itertools import count

from playground.errors import bad_request


@dataclass(frozen=True, slots=True)
class Query:
    """A question that waits for an answer."""

    kind: str
    chat: int | None
    expires: float


class Queries:
    """The questions that can still be answered."""

    def __init__(self) -> None:
        self._numbers = count(int(time.time()) << 20)
        self._open: dict[str, Query] = {}

    def ask(self, kind: str, chat: int | None, life: float) -> str:
        """Open a question and give its identifier."""
        number = str(next(self._numbers))
        self._open[number] = Query(kind, chat, time.monotonic() + life)
        return number

    def answer(self, kind: str, number: str) -> Query:
        """Close a question, unless it is too old or was never asked."""
        query = self._open.get(number)
        if query is None or query.kind != kind or query.expires < time.monotonic():
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        return self._open.pop(number)
