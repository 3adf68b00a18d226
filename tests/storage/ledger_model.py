"""The ledger in the simplest words: what the table is held against."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.ledger import Reservation


@dataclass(slots=True)
class Book:
    """The entries that count, and which of them are closed."""

    entries: dict[tuple[int, str], Reservation] = field(default_factory=dict)
    amounts: dict[tuple[int, str], float] = field(default_factory=dict)
    settled: set[tuple[int, str]] = field(default_factory=set)

    def used(self, person: int, skill: str, day: str) -> float:
        """The sum of all that counts."""
        return sum(
            self.amounts[key]
            for key, one in self.entries.items()
            if one.account == (person, skill, day)
        )

    def reserve(self, one: Reservation, limit: float) -> bool:
        """Count it if it fits, or if it is counted already."""
        key = (one.job, one.skill)
        if key in self.entries:
            return True
        if self.used(*one.account) + one.amount > limit:
            return False
        self.entries[key], self.amounts[key] = one, one.amount
        return True

    def settle(self, job: int, skill: str, amount: float) -> None:
        """Count what was used instead of what was reserved."""
        key = (job, skill)
        if key in self.entries and key not in self.settled:
            self.amounts[key] = min(amount, self.amounts[key])
            self.settled.add(key)

    def refund(self, job: int, skill: str) -> None:
        """Count it no more."""
        if (key := (job, skill)) not in self.settled:
            self.entries.pop(key, None)
