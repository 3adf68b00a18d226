"""Rounds of measuring, of ours and of the baseline in turn, and how quiet the machine was.

A round counts as quiet when other programs took little of the processors meanwhile. Rounds that
were not quiet are repeated, and are used only where no quiet one could be had.
"""

from __future__ import annotations

import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import psutil

from benchmarks.figures import Claim, Figure

QUIET = 0.2
"""The share of all processors that others may take in a quiet round."""

PATIENCE = 2
"""Rounds are repeated until there have been so many times as many as were wanted."""


def _nothing() -> defaultdict[str, defaultdict[str, list[float]]]:
    return defaultdict(lambda: defaultdict(list))


@dataclass(slots=True)
class Round:
    """What one round gave: samples by subject and kind, and the noise around it.

    What noise cannot make better or worse `counts` in any case.
    """

    samples: defaultdict[str, defaultdict[str, list[float]]] = field(default_factory=_nothing)
    others: float = 0.0
    load: float = 0.0
    counts: bool = False

    @property
    def quiet(self) -> bool:
        """Whether others left us alone."""
        return self.others <= QUIET

    def measured(self, kind: str) -> bool:
        """Whether it has samples of a kind."""
        return any(kinds.get(kind) for kinds in self.samples.values())


@dataclass(slots=True)
class Sheet:
    """The samples of one benchmark."""

    quick: bool
    rounds: list[Round] = field(default_factory=list)

    def several(self, wanted: int, *, counts: bool = False) -> Iterator[Round]:
        """Give so many quiet rounds, if that can be; a quick form has one round of any kind.

        Where noise does not matter each `counts`, and none is repeated.
        """
        wanted = 1 if self.quick else wanted
        most = wanted if self.quick or counts else wanted * PATIENCE
        begun = len(self.rounds)
        while len(self.rounds) - begun < most and (counts or self._quiet(begun) < wanted):
            now, busy, own = time.monotonic(), _busy(), _own()
            one = Round(counts=counts)
            yield one
            seconds = (time.monotonic() - now) * (os.cpu_count() or 1)
            one.others = max(0.0, (_busy() - busy) - (_own() - own)) / seconds
            one.load = os.getloadavg()[0]
            self.rounds.append(one)

    def figures(self, claims: Sequence[Claim]) -> list[Figure]:
        """Sum up the quiet rounds that a claim is about, or all where none was quiet."""
        return [claim.figure(self._samples(claim.samples)) for claim in claims]

    def _samples(self, kind: str) -> Mapping[str, Mapping[str, Sequence[float]]]:
        measured = [one for one in self.rounds if one.measured(kind)]
        counted = [one for one in measured if one.quiet or one.counts] or measured
        samples = _nothing()
        for one in counted:
            for subject, kinds in one.samples.items():
                samples[subject][kind] += kinds.get(kind, ())
        return samples

    @property
    def noise(self) -> str:
        """Say how noisy it was."""
        quiet = [one for one in self.rounds if one.quiet]
        others = max((one.others for one in quiet or self.rounds), default=0.0)
        load = max((one.load for one in self.rounds), default=0.0)
        verdict = "" if quiet else "; NOISY: others were at work, so measure again"
        return (
            f"{len(quiet)} of {len(self.rounds)} rounds were quiet; others took up to "
            f"{others:.0%} of the processors, load average up to {load:.1f}{verdict}"
        )

    def _quiet(self, begun: int) -> int:
        return sum(one.quiet for one in self.rounds[begun:])


def _busy() -> float:
    """The seconds that the processors have worked for anybody."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def _own() -> float:
    """The seconds that they have worked for us and for all that we started."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in psutil.Process().children(recursive=True):
        try:
            used = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
    return total
