"""Which passages answer a question best: those with most of its words, the rare ones first.

The same for both databases. It is BM25 with two changes: a longer word that begins with the one
asked for counts less than the word itself, and a score is the share of what could be had, so 1 is
the best and little is told by passages that have one common word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

SHORTLIST = 400
"""So many passages are read to be compared."""

SATURATION, LENGTH_MATTERS = 1.2, 0.5
USUAL_WORDS = 150
BEGINS_ONLY = 0.4
"""What a word is worth that only begins like the one asked for."""

UNSEEN = 0.5  # a word that is nowhere is rarer than one that is somewhere


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each word of a question tells; a word in `enough` passages tells little."""

    of: Mapping[str, float]

    @classmethod
    def by_rarity(cls, hits: Mapping[str, Sequence[int]], enough: int) -> Weights:
        """The fewer passages a word is in, the more it tells."""
        return cls(
            {stem: math.log(1 + enough / (len(found) or UNSEEN)) for stem, found in hits.items()}
        )

    def score(self, words: str) -> float:
        """How well a passage of these words answers; from 0 to 1."""
        padded = f" {words} "
        length = 1 - LENGTH_MATTERS + LENGTH_MATTERS * words.count(" ") / USUAL_WORDS
        got = sum(weight * _share(padded, stem, length) for stem, weight in self.of.items())
        return got / (sum(self.of.values()) or 1.0)


def shortlist(hits: Mapping[str, Sequence[int]], weights: Weights, enough: int) -> list[int]:
    """The passages with the most telling words; of common words only if there are no others."""
    telling = {stem for stem, found in hits.items() if 0 < len(found) < enough} or set(hits)
    sums: dict[int, float] = {}
    for stem in telling:
        weight = weights.of[stem]
        for passage in hits[stem]:
            sums[passage] = sums.get(passage, 0.0) + weight
    return nlargest(SHORTLIST, sums, key=lambda passage: (sums[passage], -passage))


def _share(padded: str, stem: str, length: float) -> float:
    exact = padded.count(f" {stem} ")
    times = exact + BEGINS_ONLY * (padded.count(f" {stem}") - exact)
    return times / (times + SATURATION * length)
