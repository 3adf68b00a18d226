"""The choice among the backends of a chain: who may be asked, who first, and why nobody."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from domain.errors import NoBackendLeft
from domain.routes import Category, Privacy, Route
from services.candidates import B, Member


@dataclass(frozen=True, slots=True)
class Choice(Generic[B]):
    """Chooses among members, which are known by their number in the configuration."""

    skill: str
    members: Sequence[Member[B]]

    def line(self, route: Route, tried: Container[int] = ()) -> list[int]:
        """Who may be asked, the best first.

        Privacy decides before anything else, then the category, then who has the model that a
        person chose, then the order. When all for a category are down or tried, those for the
        default are asked. Who stands in for others is asked when there is nobody else, not when
        they are busy.
        """
        up = [
            number
            for number, member in enumerate(self.members)
            if number not in tried and not member.breaker.open and _allowed(member, route)
        ]
        up = [one for one in up if not self.members[one].stands_in(route.category)] or up
        for category in (route.category, Category.DEFAULT):
            serving = [number for number in up if self.members[number].serves(category)]
            if serving:
                return sorted(serving, key=lambda one: not self._has(one, route.model))
        return up

    def wishes(self, route: Route, tried: Container[int]) -> list[int]:
        """The first in line, or one after it on this machine: being busy sends nothing away."""
        line = self.line(route, tried)
        return line[:1] + [one for one in line[1:] if not self.members[one].candidate.cloud]

    def model(self, backend: B, route: Route) -> str:
        """The model that a person chose, where this backend has it; else its own, said as ""."""
        ours = [member for member in self.members if member.candidate.backend is backend]
        return route.model if any(member.has(route.model) for member in ours) else ""

    def nobody_left(self, route: Route, tried: Mapping[int, str]) -> NoBackendLeft:
        """Tell the reason of each; those that are down are asked after soon."""
        reasons = {}
        for number, member in enumerate(self.members):
            member.hurry.set()
            if number in tried:
                reasons[member.label] = tried[number]
            elif not _allowed(member, route):
                reasons[member.label] = "is off this machine, and this text is not to leave it"
            elif member.breaker.open:
                reasons[member.label] = member.breaker.reason
        return NoBackendLeft(self.skill, reasons)

    def _has(self, number: int, model: str) -> bool:
        return not model or self.members[number].has(model)


def _allowed(member: Member[B], route: Route) -> bool:
    return not member.candidate.cloud or route.privacy is Privacy.CLOUD_ALLOWED
