"""What is said while somebody waits, and the buttons under what was said."""

from __future__ import annotations

from domain.answers import Button, Phase
from domain.jobs import Job
from services.words import Voice

Rows = tuple[tuple[Button, ...], ...]


def anew(job: Job, voice: Voice) -> Rows:
    """The buttons that have an answer made anew."""
    return (
        (
            Button(voice("Again"), f"again:{job.answer}"),
            Button(voice("Shorter"), f"shorter:{job.answer}"),
            Button(voice("Longer"), f"longer:{job.answer}"),
        ),
    )


def waiting(phase: Phase, voice: Voice) -> str:
    """What is being waited for; nothing while it is written."""
    notes = {
        Phase.LOADING: voice("Loading the model…"),
        Phase.THINKING: voice("Thinking…"),
        Phase.QUEUED: voice("Waiting for a free place…"),
    }
    return notes.get(phase, "")
