"""A recital: sentences are spoken while the next ones are still being written.

What comes in is the whole answer so far, again and again. Each sentence that is certain goes to a
synthesizer at once; what comes back is put in order and encoded as it comes, so that at the end
only the last sentence is left to do. Where that would take long, two halves of it are spoken at
once: one breath more is better than a wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from domain.errors import HearthbotError
from services.first_piece import put_away
from services.speakable.halves import halved
from services.speakable.reader import Reader, Utterance
from services.speaking.tempo import Tempo

Speak = Callable[[Utterance], Awaitable[bytes]]

LONG = 0.3
"""Seconds that the last sentence may take to be spoken in one piece."""


class Tape(Protocol):
    """Where what was spoken is put together."""

    async def add(self, sound: bytes, pause: float) -> bool:
        """Add a sentence and the pause after it, in seconds; False once there is no more room."""


@dataclass(slots=True)
class Recital:
    """One answer that is read aloud, inside `async with`.

    `places` is how many sentences are spoken at once, `tempo` how quickly. Trouble never comes out
    of it: the text is there in any case, so it is only kept in `trouble`. `full` says that the tape
    took no more.
    """

    reader: Reader
    speak: Speak
    tape: Tape
    places: int
    tempo: Tempo = field(default_factory=Tempo)
    clock: Callable[[], float] = time.monotonic
    trouble: HearthbotError | OSError | None = None
    full: bool = False
    _room: asyncio.Semaphore = field(init=False)
    _line: asyncio.Queue[tuple[Utterance, asyncio.Task[bytes]] | None] = field(
        default_factory=asyncio.Queue
    )
    _tasks: list[asyncio.Task[bytes]] = field(default_factory=list)
    _joining: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.places)

    async def __aenter__(self) -> Self:
        self._joining = asyncio.create_task(self._join(), name="joining what is spoken")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in (*self._tasks, self._joining):
            if task is not None:
                await put_away(task)

    def feed(self, text: str) -> None:
        """Take the whole answer so far; never waits."""
        self._begin(self.reader.feed(text))

    async def finish(self) -> None:
        """Wait until all that was written is spoken."""
        self._begin(self._hurried(self.reader.finish()))
        self._line.put_nowait(None)
        if self._joining is not None:
            await self._joining

    def _hurried(self, last: Iterable[Utterance]) -> Iterator[Utterance]:
        """Part what would be waited for, if there are places for two halves."""
        for utterance in last:
            slow = self.places > 1 and self.tempo.expected(utterance.text) > LONG
            yield from halved(utterance) if slow else (utterance,)

    def _begin(self, utterances: Iterable[Utterance]) -> None:
        for utterance in utterances:
            if self.full or self.trouble:
                return
            task = asyncio.create_task(self._spoken(utterance), name="speaking a sentence")
            self._tasks.append(task)
            self._line.put_nowait((utterance, task))

    async def _spoken(self, utterance: Utterance) -> bytes:
        async with self._room:
            began = self.clock()
            sound = await self.speak(utterance)
            self.tempo.note(utterance.text, self.clock() - began)
            return sound

    async def _join(self) -> None:
        """Put the sentences together in the order in which they were written."""
        try:
            while (one := await self._line.get()) is not None:
                utterance, task = one
                if not await self.tape.add(await task, utterance.pause):
                    self.full = True
                    return
        except (HearthbotError, OSError) as trouble:
            self.trouble = trouble
