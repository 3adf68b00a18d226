"""Which language each person is spoken to in."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.messages import Person
from storage.people import People


@dataclass(slots=True)
class Languages:
    """The language a person chose, else that of their client, else the default.

    Choices are few and asked for with every message, so they are kept in memory.
    """

    people: People
    known: frozenset[str]
    default: str = "en"
    chosen: dict[int, str] = field(default_factory=dict)

    async def load(self) -> None:
        """Read all choices."""
        self.chosen = await self.people.languages()

    def of(self, person: Person) -> str:
        """The two-letter code for this person."""
        wanted = self.chosen.get(person.id) or person.language[:2].lower()
        return wanted if wanted in self.known else self.default

    async def choose(self, person: int, language: str) -> None:
        """Remember a choice."""
        await self.people.choose_language(person, language)
        self.chosen[person] = language
