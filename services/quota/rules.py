"""The owner's rules: who may use how much of what, and to which day it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.quota.terms import Change, Terms, changed
from storage.quotas import Charge

INSTEAD = "over_quota_{skill}"
"""The task that tells somebody that a job of a skill was not accepted."""

USUAL_SECONDS = 4.0
"""How long a film is where nobody says."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """What everybody may use of a skill; a day begins at midnight in `timezone`."""

    terms: Terms = field(default_factory=Terms)
    timezone: str = "UTC"
    usual: float = USUAL_SECONDS


@dataclass(frozen=True, slots=True)
class Role:
    """Some people, and what is another for them, a skill each."""

    people: frozenset[int]
    changes: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that the owner has decided about quotas.

    The day is what the clock says; nothing else depends on it.
    """

    tariffs: Mapping[str, Tariff]
    roles: tuple[Role, ...]
    clock: Callable[[], float]

    def charge(self, skill: str, seconds: float, person: int) -> Charge:
        """What a job of this person is about to use; `seconds` is 0 for a picture."""
        terms = self.terms(skill, person)
        return Charge(
            skill,
            seconds,
            self.today(skill).isoformat(),
            terms.amounts,
            terms.crowd,
            INSTEAD.format(skill=skill),
        )

    def terms(self, skill: str, person: int) -> Terms:
        """What this person may use: the most generous of what their roles say."""
        mine = (role for role in self.roles if person in role.people)
        changes = [role.changes[skill] for role in mine if skill in role.changes]
        return changed(self._tariff(skill).terms, changes)

    def seconds(self, skill: str, person: int) -> float:
        """How long this person's film is where they do not say."""
        longest = self.terms(skill, person).longest
        usual = self._tariff(skill).usual
        return usual if longest is None else min(usual, longest)

    def today(self, skill: str) -> date:
        """The day where the skill's days begin."""
        return self.now(skill).date()

    def now(self, skill: str) -> datetime:
        """What the clock says there."""
        return datetime.fromtimestamp(self.clock(), ZoneInfo(self._tariff(skill).timezone))

    def _tariff(self, skill: str) -> Tariff:
        return self.tariffs.get(skill, Tariff())
