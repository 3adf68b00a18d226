"""Showing: what people see of a document being read, and the buttons under what comes of it."""

from __future__ import annotations

from domain.answers import Button, Draft, Phase, Progress
from domain.documents import PageWord
from domain.jobs import Job
from services.phrasing import waiting
from services.reading.steps import Gathered
from services.words import Voice

MOST_SHOWN = 12_000
"""Characters of notes that are shown of a summary that was stopped."""


def length_rows(job: Job, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    """One row of buttons: the same document in other lengths."""
    return (
        (
            Button(voice("Short"), f"short:{job.answer}"),
            Button(voice("Full"), f"full:{job.answer}"),
            Button(voice("Bullet points"), f"bullets:{job.answer}"),
        ),
    )


def seen(step: Phase | Gathered | Draft, word: PageWord, voice: Voice) -> Draft | Progress:
    """What is shown meanwhile, in words."""
    if isinstance(step, Draft):
        return step
    if isinstance(step, Phase):
        return Progress(step, waiting(step, voice))
    if step.share == 1:
        return Progress(Phase.THINKING, voice("Putting it together…"), 1.0)
    if word is PageWord.PAGE:
        note = voice.many(
            "Reading… {read} of {n} page",
            "Reading… {read} of {n} pages",
            step.pages,
            read=step.read,
        )
    else:
        note = voice("Reading… {read} of {parts}", read=step.read, parts=step.pages)
    return Progress(Phase.THINKING, note, step.share)


def shortened(notes: tuple[str, ...]) -> str:
    """Notes in their order, as many as can be shown."""
    text = "\n\n".join(notes)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN].rstrip()}…"
