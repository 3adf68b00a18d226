"""Two orders of the same passages become one: what both put near the top comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.documents import Passage

DAMPING = 60
"""How little the very first places differ from those after them; the usual number."""


def fused(orders: Sequence[Sequence[Passage]], limit: int) -> list[Passage]:
    """The best of all orders by reciprocal rank; a score of 1 is first everywhere."""
    scores: dict[int, float] = {}
    known: dict[int, Passage] = {}
    for order in orders:
        for place, one in enumerate(order):
            share = (DAMPING + 1) / (DAMPING + 1 + place) / len(orders)
            scores[one.id] = scores.get(one.id, 0.0) + share
            known[one.id] = one
    ordered = sorted(scores, key=lambda one: (-scores[one], one))
    return [replace(known[one], score=scores[one]) for one in ordered[: max(limit, 0)]]
