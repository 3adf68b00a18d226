"""A log of the bot's calls, for those who want to know what it did and when."""

import time
from collections import Counter, deque
from itertools import takewhile

from playground.params import Params
from playground.records import Record

KEPT = 50_000


class Calls:
    """The newest calls with their outcome, and counts of all of them."""

    def __init__(self) -> None:
        self.last = 0
        self.counts: Counter[tuple[str, int]] = Counter()
        self._ring: deque[Record] = deque(maxlen=KEPT)

    def add(self, method: str, params: Params, status: int, error: str | None) -> None:
        """Write down one call when it has been answered."""
        self.last += 1
        self.counts[method, status] += 1
        call = {"n": self.last, "at": time.monotonic(), "method": method, "params": _shown(params)}
        self._ring.append(call | {"status": status} | ({"error": error} if error else {}))

    def since(self, number: int) -> list[Record]:
        """List the calls after a number, oldest first."""
        return list(takewhile(lambda call: call["n"] > number, reversed(self._ring)))[::-1]


def _shown(params: Params) -> Record:
    sizes = {name: len(upload.body) for name, upload in params.uploads.items()}
    return {**params.values, **sizes} if sizes else params.values
