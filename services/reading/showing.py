"""Showing: what people see of a document being read, and the buttons under what comes of it."""

from __future__ import annotations

from domain.answers import Button, Draft, Phase, Progress
from domain.documents import PageWord
from domain.jobs import Job
from domain.messages import Role
from services.reading.steps import Gathered
from services.tokens import estimate
from services.words import Voice
from storage.jobs import Said

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


def again_rows(job: Job, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    """One row of buttons: the same question again."""
    return (
        (
            Button(voice("Again"), f"again:{job.answer}"),
            Button(voice("Shorter"), f"shorter:{job.answer}"),
            Button(voice("Longer"), f"longer:{job.answer}"),
        ),
    )


def seen(step: Phase | Gathered | Draft, word: PageWord, voice: Voice) -> Draft | Progress:
    """What is shown meanwhile, in words."""
    if isinstance(step, Draft):
        return step
    if isinstance(step, Phase):
        return Progress(step, _waiting(step, voice))
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


def _waiting(phase: Phase, voice: Voice) -> str:
    notes = {
        Phase.LOADING: voice("Loading the model…"),
        Phase.THINKING: voice("Thinking…"),
        Phase.QUEUED: voice("Waiting for a free place…"),
    }
    return notes.get(phase, "")


def nothing(voice: Voice) -> str:
    """What is shown in the place of an empty answer."""
    return voice("The model had nothing to say to this. Try again, or ask differently.")


def lines(question: str, answer: str) -> tuple[Said, ...]:
    """What the conversation keeps."""
    return (
        Said(Role.USER, question, estimate(question)),
        Said(Role.ASSISTANT, answer, estimate(answer)),
    )


def shortened(notes: tuple[str, ...]) -> str:
    """Notes in their order, as many as can be shown."""
    text = "\n\n".join(notes)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN].rstrip()}…"
