"""Counts what answers cost, and writes it down now and then."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from services.skills import Usage
from storage.errors import StorageError
from storage.figures import Figures, Tally


@dataclass(slots=True)
class Counting:
    """Figures in memory on their way to the database: a crash may cost the last few seconds."""

    figures: Figures
    answers: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)

    def add(self, backend: str, usage: Usage) -> None:
        """Count one answer."""
        self._count(backend, 1, usage)

    async def flush(self) -> None:
        """Write down what was counted; what cannot be written stays counted."""
        while self.answers:
            backend, answers = self.answers.popitem()
            cost = Usage(self.read.pop(backend, 0), self.written.pop(backend, 0))
            gained = Tally(answers=answers, tokens_read=cost.read, tokens_written=cost.written)
            try:
                await self.figures.add(backend, gained)
            except StorageError:
                self._count(backend, answers, cost)
                raise

    async def today(self) -> Tally:
        """What all backends did today (UTC)."""
        await self.flush()
        days = [one.tally for one in await self.figures.recent(1)]
        return Tally(
            answers=sum(one.answers for one in days),
            tokens_read=sum(one.tokens_read for one in days),
            tokens_written=sum(one.tokens_written for one in days),
        )

    def _count(self, backend: str, answers: int, usage: Usage) -> None:
        self.answers[backend] += answers
        self.read[backend] += usage.read
        self.written[backend] += usage.written
