"""What is seen of a work while it is made."""

from dataclasses import replace
from pathlib import Path

from domain.answers import Phase, Progress
from domain.drawing import Glimpse, Settled, Sketch
from domain.jobs import Job
from services.drawing.watching import Watching
from services.words import Words
from tests.services.ground import LOCALES
from tests.storage.workshop import Talk

JOB = Job(1, "1!7", "film", Talk().says("waves"), 1, 1)


def watching(job: Job = JOB) -> Watching:
    """Somebody who watches, in English."""
    return Watching(job, Words(LOCALES).speak("en"))


def test_a_glimpse_does_not_hide_how_far_it_is() -> None:
    """And how far it is does not take the glimpse away."""
    seen = watching()
    assert "Getting ready…" == seen.seen.note
    assert seen.sees(Progress(Phase.DRAWING, "12/20", 0.6))
    assert seen.sees(Glimpse(Path("a.jpg")))
    assert Progress(Phase.FILMING, "Filming… step 12 of 20", 0.6, "a.jpg") == seen.seen
    assert seen.sees(Progress(Phase.DRAWING, "13/20", 0.65))
    assert Progress(Phase.FILMING, "Filming… step 13 of 20", 0.65, "a.jpg") == seen.seen


def test_who_must_wait_is_told_for_what() -> None:
    """A place, the card, the model; then it begins."""
    seen = watching(replace(JOB, task="draw"))
    notes = []
    for phase in (Phase.QUEUED, Phase.CARD, Phase.LOADING, Phase.THINKING):
        assert seen.sees(phase)
        notes.append(seen.seen.note)
    assert 4 == len(set(notes))
    assert "Drawing…" == notes[-1]


def test_how_it_is_settled_is_no_news() -> None:
    """It stands under the work."""
    assert not watching().sees(Settled(Sketch("waves")))
