"""A language that was only guessed can be put right with one button."""

from __future__ import annotations

from dataclasses import dataclass

from domain.answers import Button
from domain.jobs import Job
from services.speakable.languages import Ear
from services.tastes import Tastes
from services.words import Voice, later

SPOKEN = {
    "en": later("It was English"),
    "ru": later("It was Russian"),
    "uk": later("It was Ukrainian"),
}
"""What the buttons say, by the language that it really was."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """Offers the languages that a recording was not heard to be in."""

    tastes: Tastes

    def rows(self, job: Job, voice: Voice) -> tuple[tuple[Button, ...], ...]:
        """One row of buttons; none where nothing was heard, or the person has set a language."""
        said = job.payload
        if not said.heard or self.tastes.of(said.person.id).spoken:
            return ()
        return self.offered(job, job.wish.language or Ear("").language(said.heard), voice)

    def offered(self, job: Job, but: str, voice: Voice) -> tuple[tuple[Button, ...], ...]:
        """All languages but one."""
        names = {code: voice(name) for code, name in SPOKEN.items() if code != but}
        return (tuple(Button(name, f"was_{code}:{job.answer}") for code, name in names.items()),)
