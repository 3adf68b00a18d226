"""What is said while somebody waits, under what was said, and what is kept of it."""

from __future__ import annotations

from domain.answers import Button, Phase
from domain.jobs import Job
from domain.messages import Role
from services.tokens import estimate
from services.words import Voice
from storage.jobs import Said

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
    """What is being waited for by somebody who wants to talk; nothing while it is written."""
    notes = {
        Phase.LOADING: voice("Loading the model…"),
        Phase.THINKING: voice("Thinking…"),
        Phase.QUEUED: voice("Waiting for a free place…"),
        Phase.CARD: voice("The graphics card is busy with a picture…"),
    }
    return notes.get(phase, "")


def waiting_to_draw(phase: Phase, voice: Voice) -> str:
    """The same for somebody who wants a picture or a film."""
    notes = {
        Phase.CARD: voice("The graphics card is busy with conversations…"),
        Phase.NIGHT: voice("Pictures and films are made at night; yours is in line."),
    }
    return notes.get(phase) or waiting(phase, voice)


def nothing(voice: Voice) -> str:
    """What is shown in the place of an empty answer."""
    return voice("The model had nothing to say to this. Try again, or ask differently.")


def exchange(question: str, answer: str) -> tuple[Said, ...]:
    """What the conversation keeps."""
    return (
        Said(Role.USER, question, estimate(question)),
        Said(Role.ASSISTANT, answer, estimate(answer)),
    )
