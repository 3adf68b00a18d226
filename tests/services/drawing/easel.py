"""A studio for tests: who draws and films is told by the test, and nobody pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.drawing.changes import Changes
from services.drawing.studio import Studio
from services.quota.terms import Terms
from storage.quotas import Amounts, Charge
from tests.services.ground import Ground

DAY = "2026-11-26"


@dataclass(slots=True)
class Purse:
    """Charges everybody alike, and remembers whom."""

    amounts: Amounts = field(default_factory=Amounts)
    charged: list[int] = field(default_factory=list)

    def charge(self, skill: str, seconds: float, person: int) -> Charge:
        """What it costs."""
        self.charged.append(person)
        return Charge(skill, seconds, DAY, self.amounts)

    def seconds(self, skill: str, person: int) -> float:
        """How long a film is."""
        return 4.0

    def terms(self, skill: str, person: int) -> Terms:
        """What may be used."""
        return Terms(self.amounts, longest=6.0)


def studio(
    skills: Sequence[str] = ("image", "video"), purse: Purse | None = None, *, plain: bool = False
) -> Studio:
    """A studio with somebody for each of these skills."""
    offers = {one: (lambda one=one: ("somebody",) if one in skills else ()) for one in _SKILLS}
    return Studio(offers, purse or Purse(), plain_requests=plain)


def changes(ground: Ground, of: Studio | None = None) -> Changes:
    """Who obeys the buttons under works."""
    titles = {"image": {"flux": "FLUX", "mine": "My style"}, "video": {}}
    return Changes(
        ground.jobs, of or studio(), ground.words, lambda skill: titles[skill], lambda: None
    )


_SKILLS = ("image", "video")
