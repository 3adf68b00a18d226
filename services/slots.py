"""Places at backends: taken in the order of a wish list, waited for in the order of arrival."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.cards import Seat, inside

Wishes = Callable[[], Sequence[int]]
"""The backends that would do, best first; asked again whenever something has changed."""

GLANCE = 0.05
"""Seconds between two looks at a card that somebody waits for."""


@dataclass(frozen=True, slots=True)
class _Waiter:
    wishes: Wishes
    place: asyncio.Future[int | None]
    having: frozenset[str] = field(default_factory=inside)


class Slots:
    """So many places at each backend, which are known by their number.

    Nobody waits for a place that is free: whenever one may have become so, all who wait are asked
    in the order in which they came. So who comes later cannot overtake, except to a place that
    nobody before wants. Who shares a graphics card has a place only while its card has one too;
    what happens to a card elsewhere is looked for while somebody waits.
    """

    def __init__(
        self, totals: Sequence[int], on_free: Callable[[], None], seats: Sequence[Seat | None] = ()
    ) -> None:
        self._free = list(totals)
        self._on_free = on_free
        self._seats = {number: seat for number, seat in enumerate(seats) if seat is not None}
        self._waiting: deque[_Waiter] = deque()
        self._glancing: asyncio.TimerHandle | None = None

    def free(self, backend: int) -> int:
        """How many places are free there."""
        return self._free[backend]

    def grab(self, wishes: Wishes) -> int | None:
        """Take a place that is free and that nobody wants who came before."""
        if self._waiting:
            self._look()
        return self._first_free(wishes(), inside(), set())

    async def take(self, wishes: Wishes) -> int | None:
        """Take a place, waiting for it; None once no backend would do any more."""
        place = self.grab(wishes)
        if place is not None or not wishes():
            return place
        waiter = _Waiter(wishes, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._look()
        try:
            return await waiter.place
        except asyncio.CancelledError:
            self._abandon(waiter)
            raise

    def give(self, backend: int) -> None:
        """Give a place back."""
        if backend in self._seats:
            self._seats[backend].give()
        self._free[backend] += 1
        self.wake()

    def wake(self) -> None:
        """Look who can go on, since a place or a backend has become free or useless."""
        self._look()
        self._on_free()

    def _look(self) -> None:
        still: deque[_Waiter] = deque()
        refused: set[int] = set()
        for waiter in self._waiting:
            if waiter.place.done():
                continue
            wanted = waiter.wishes()
            place = self._first_free(wanted, waiter.having, refused)
            if place is None and wanted:
                still.append(waiter)
            else:
                waiter.place.set_result(place)
        self._waiting = still
        if self._seats:
            self._want(refused if still else set())

    def _first_free(
        self, wanted: Sequence[int], having: frozenset[str], refused: set[int]
    ) -> int | None:
        """Take the first that is free; those whose card has no place are noted as `refused`."""
        for backend in wanted:
            if not self._free[backend]:
                continue
            seat = self._seats.get(backend)
            if seat is None or seat.take(having):
                self._free[backend] -= 1
                return backend
            refused.add(backend)
        return None

    def _want(self, refused: set[int]) -> None:
        """Let others see what is waited for here, and look again soon."""
        for number, seat in self._seats.items():
            seat.want(wanted=number in refused)
        if refused and self._glancing is None:
            self._glancing = asyncio.get_running_loop().call_later(GLANCE, self._glance)

    def _glance(self) -> None:
        self._glancing = None
        self._look()

    def _abandon(self, waiter: _Waiter) -> None:
        """Pass on what was given in the same moment in which its taker was cancelled."""
        if waiter.place.cancelled():
            self._look()
            return
        place = waiter.place.result()
        if place is not None:
            self.give(place)
