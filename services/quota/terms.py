"""What somebody may use of a skill, and what roles change about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from storage.quotas import Amounts, Crowd


@dataclass(frozen=True, slots=True)
class Terms:
    """What one person may use of a skill; `longest` is in seconds, None without a limit."""

    amounts: Amounts = field(default_factory=Amounts)
    crowd: Crowd = field(default_factory=Crowd)
    longest: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a role says of a skill; None, here and in the amounts, where it says nothing.

    `unlimited` lifts every limit of a day and of a month.
    """

    amounts: Amounts = field(default_factory=Amounts)
    waiting: int | None = None
    at_once: int | None = None
    longest: float | None = None
    unlimited: bool = False


def changed(terms: Terms, changes: Sequence[Change]) -> Terms:
    """The terms with the most generous of what each change says, where any says something."""
    amounts = Amounts(
        **{
            one.name: _best(getattr(terms.amounts, one.name), _said(changes, one.name))
            for one in fields(Amounts)
        }
    )
    crowd = replace(
        terms.crowd,
        waiting=_best(terms.crowd.waiting, (one.waiting for one in changes)),
        at_once=_best(terms.crowd.at_once, (one.at_once for one in changes)),
    )
    longest = _best(terms.longest, (one.longest for one in changes))
    unlimited = any(one.unlimited for one in changes)
    return Terms(Amounts() if unlimited else amounts, crowd, longest)


def _said(changes: Sequence[Change], name: str) -> Iterable[Any]:
    return (getattr(one.amounts, name) for one in changes)


def _best(usual: Any, said: Iterable[Any]) -> Any:
    return max((one for one in said if one is not None), default=usual)
