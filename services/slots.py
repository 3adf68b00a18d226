"""Places at backends: taken in the order of a wish list, waited for in the order of arrival."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Wishes = Callable[[], Sequence[int]]
"""The backends that would do, best first; asked again whenever something has changed."""


@dataclass(frozen=True, slots=True)
class _Waiter:
    wishes: Wishes
    place: asyncio.Future[int | None]


class Slots:
    """So many places at each backend, which are known by their number.

    Nobody waits for a place that is free: whenever one may have become so, all who wait are asked
    in the order in which they came. So who comes later cannot overtake, except to a place that
    nobody before wants.
    """

    def __init__(self, totals: Sequence[int], on_free: Callable[[], None]) -> None:
        self._free = list(totals)
        self._on_free = on_free
        self._waiting: deque[_Waiter] = deque()

    def free(self, backend: int) -> int:
        """How many places are free there."""
        return self._free[backend]

    async def take(self, wishes: Wishes) -> int | None:
        """Take a place, waiting for it; None once no backend would do any more."""
        wanted = wishes()
        place = self._first_free(wanted)
        if place is not None or not wanted:
            return place
        waiter = _Waiter(wishes, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        try:
            return await waiter.place
        except asyncio.CancelledError:
            self._abandon(waiter)
            raise

    def give(self, backend: int) -> None:
        """Give a place back."""
        self._free[backend] += 1
        self.wake()

    def wake(self) -> None:
        """Look who can go on, since a place or a backend has become free or useless."""
        still: deque[_Waiter] = deque()
        for waiter in self._waiting:
            if waiter.place.done():
                continue
            wanted = waiter.wishes()
            place = self._first_free(wanted)
            if place is None and wanted:
                still.append(waiter)
            else:
                waiter.place.set_result(place)
        self._waiting = still
        self._on_free()

    def _first_free(self, wanted: Sequence[int]) -> int | None:
        for backend in wanted:
            if self._free[backend]:
                self._free[backend] -= 1
                return backend
        return None

    def _abandon(self, waiter: _Waiter) -> None:
        """Pass on what was given in the same moment in which its taker was cancelled."""
        if waiter.place.cancelled():
            return
        place = waiter.place.result()
        if place is not None:
            self.give(place)
