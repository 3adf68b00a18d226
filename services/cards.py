"""Graphics cards: who talks and who draws take turns, in all processes of one machine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from domain.answers import Phase
from services.card_files import CardFiles
from services.relief import Relief
from services.turns import Side, Turns, side_of

_INSIDE: ContextVar[frozenset[str]] = ContextVar("cards that this work has", default=frozenset())


def inside() -> frozenset[str]:
    """The names of the cards that the work which asks has already."""
    return _INSIDE.get()


@dataclass(frozen=True, slots=True)
class _Other:
    """The other side, as far as it can be seen from here."""

    files: CardFiles
    side: Side

    def waits(self) -> bool:
        return self.files.waits(self.side)

    def waited(self) -> float:
        return self.files.waited(self.side)

    def last(self) -> Side | None:
        return self.files.turn


@dataclass(frozen=True, slots=True)
class Load:
    """What a card is doing: who has it, and whether heavy work waits for it or for its hours."""

    name: str
    holder: Side | None
    waits: bool = False
    closed: bool = False


@dataclass(slots=True)
class Card:
    """One card, as this process sees it.

    Who has it may have light guests: a picture whose prompt a chat model translates would
    otherwise wait for itself.
    """

    files: CardFiles
    turns: Turns
    relief: Relief = field(default_factory=Relief)
    _held: Counter[Side] = field(default_factory=Counter)
    _guests: int = 0
    _wanted: dict[Side, set[int]] = field(default_factory=lambda: {side: set() for side in Side})
    _moving: asyncio.Lock = field(default_factory=asyncio.Lock)

    def take(self, side: Side, *, guest: bool) -> bool:
        """Begin if that may be, which is known at once."""
        if guest and side is Side.LIGHT and self._held.total():
            self._guests += 1
            return True
        if self._held[side.other] or not self.turns.may(side, _Other(self.files, side.other)):
            return False
        if not self._held[side]:
            if not self.files.take(side):
                return False
            self.files.turn = side
            if side is Side.HEAVY:
                self.files.restamp(side)  # those who still wait have just seen their side begin
        self._held[side] += 1
        return True

    def give(self, side: Side) -> None:
        """Have ended; the last one lets go of the card."""
        if side is Side.LIGHT and self._guests:
            self._guests -= 1
            return
        self._held[side] -= 1
        if not self._held[side]:
            self.files.give()

    def want(self, side: Side, who: int, *, wanted: bool) -> None:
        """Let the others see whether somebody waits here."""
        wanting = self._wanted[side]
        if wanted:
            wanting.add(who)
            self.files.wait(side)
        elif who in wanting:
            wanting.discard(who)
            if not wanting:
                self.files.leave(side)

    async def move_in(self, side: Side) -> None:
        """Have the other side free its memory, where it may have any there."""
        async with self._moving:
            before = self.files.memory
            if before is side:
                return
            if before is side.other or side is Side.HEAVY:
                await self.relief.free(side.other)
            self.files.memory = side

    async def move_out(self, side: Side) -> None:
        """Free the memory for those of the other side who wait; a guest leaves nothing behind."""
        if side is Side.LIGHT:
            if self._held[Side.HEAVY]:
                await self.relief.free(side)
        elif self._held[side] == 1 and self.files.waits(side.other):
            await self.relief.free(side)
            self.files.memory = None

    def load(self) -> Load:
        """What it is doing, in whatever process."""
        waits = self.files.waits(Side.HEAVY)
        closed = not self.turns.open(Side.HEAVY)
        return Load(self.files.name, self.holder(), waits, closed)

    def holder(self) -> Side | None:
        """Who has it now, in whatever process."""
        for side in Side:
            if self._held[side]:
                return side
        if self.files.take(Side.HEAVY):
            self.files.give()
            return None
        return self.files.turn


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A backend's share in its card."""

    card: Card
    side: Side

    @property
    def phase(self) -> Phase:
        """What somebody waits for who does not get it."""
        return Phase.CARD if self.card.turns.open(self.side) else Phase.NIGHT

    def take(self, having: frozenset[str]) -> bool:
        """Take it if that may be; `having` names the cards that the work has already."""
        return self.card.take(self.side, guest=self.card.files.name in having)

    def give(self) -> None:
        """Give it back."""
        self.card.give(self.side)

    def want(self, *, wanted: bool) -> None:
        """Let the others see whether somebody waits for it."""
        self.card.want(self.side, id(self), wanted=wanted)


@asynccontextmanager
async def seated(seat: Seat | None) -> AsyncIterator[None]:
    """Work in a seat that is taken, with the memory of its card, while the block runs."""
    if seat is None:
        yield
        return
    before = inside()
    name = seat.card.files.name
    if name not in before:
        await seat.card.move_in(seat.side)
    _INSIDE.set(before | {name})
    try:
        yield
    finally:
        _INSIDE.set(before)
        await seat.card.move_out(seat.side)


@dataclass(slots=True)
class Cards:
    """All cards that the configuration names, each made when it is first asked for."""

    folder: Path
    turns: Turns
    reliefs: Mapping[str, Relief] = field(default_factory=dict)
    _known: dict[str, Card] = field(default_factory=dict)

    def seat(self, name: str, skill: str) -> Seat | None:
        """The share of a backend of this skill; None where its card has no name."""
        if not name:
            return None
        if name not in self._known:
            relief = self.reliefs.get(name, Relief())
            self._known[name] = Card(CardFiles(self.folder, name), self.turns, relief)
        return Seat(self._known[name], side_of(skill))

    def loads(self) -> list[Load]:
        """What each of them is doing."""
        return [card.load() for card in self._known.values()]

    def close(self) -> None:
        """Let go of all of them."""
        for card in self._known.values():
            card.files.close()
