"""What stands under a work: what was asked for, and how it was made."""

from __future__ import annotations

from domain.drawing import Settled
from services.words import Voice

SHOWN = 300
"""Characters of a prompt that are shown; who wrote it knows the rest."""


def caption(prompt: str, settled: Settled, took: float, voice: Voice) -> str:
    """The prompt, what it became in English, and the settings; `took` is in seconds."""
    sketch = settled.sketch
    lines = [_shortened(prompt)]
    if sketch.prompt and sketch.prompt != prompt:
        lines.append(voice("In English: {prompt}", prompt=_shortened(sketch.prompt)))
    facts = [settled.title]
    if sketch.width and sketch.height:
        facts.append(f"{sketch.width} × {sketch.height}")
    if sketch.seconds:
        facts.append(voice("{n} s", n=f"{sketch.seconds:g}"))
    facts.append(voice("seed {number}", number=sketch.seed))
    facts.append(voice("made in {time}", time=duration(took, voice)))
    return "\n".join([*filter(None, lines), " · ".join(filter(None, facts))])


def duration(seconds: float, voice: Voice) -> str:
    """A length of time in words, as rough as it may be."""
    if seconds < 90:
        return voice.many("{n} second", "{n} seconds", max(1, round(seconds)))
    return voice.many("{n} minute", "{n} minutes", round(seconds / 60))


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"
