"""What a model gets to read: who it is, what was said, and no more than it can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.jobs import Job, Wish
from domain.messages import Role, Turn
from services.tokens import estimate
from storage.conversations import History

LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "uk": "Ukrainian"}

WISHES = {
    Wish.SHORTER: "Answer much shorter than you normally would: the essence only.",
    Wish.LONGER: "Answer at length: explain more, with details and examples.",
}


@dataclass(frozen=True, slots=True)
class Context:
    """Puts a conversation together within a budget of tokens.

    `budget` is what the model may read, the answer not included. `persona` begins every
    conversation.
    """

    persona: str
    budget: int

    def system(self, job: Job, summary: str, now: datetime) -> Turn:
        """Who the model is, when and for whom it speaks, and what was said long ago."""
        language = LANGUAGE_NAMES.get(job.payload.person.language, "English")
        parts = [
            self.persona,
            f"Today is {now:%A}, {now:%Y-%m-%d}. The user's language is {language}.",
            WISHES.get(job.wish, ""),
            f"Summary of the conversation so far:\n{summary}" if summary else "",
        ]
        return Turn(Role.SYSTEM, "\n\n".join(part for part in parts if part))

    def question(self, job: Job) -> Turn:
        """What is asked now, with what it is about."""
        about = job.payload.about
        if about is None or not about.text:
            return Turn(Role.USER, job.payload.whole)
        quoted = "\n".join(f"> {line}" for line in about.text.splitlines())
        return Turn(Role.USER, f"{quoted}\n\n{job.payload.whole}")

    def turns(self, job: Job, history: History, now: datetime) -> list[Turn]:
        """The whole of it, oldest first."""
        said = [Turn(line.role, line.text) for line in history.lines]
        return [self.system(job, history.summary, now), *said, self.question(job)]

    def excess(self, turns: Sequence[Turn]) -> int:
        """By how many tokens the turns are over the budget; negative where there is room."""
        return sum(estimate(turn.text) for turn in turns) - self.budget

    def fits_alone(self, job: Job, now: datetime) -> bool:
        """Whether the question could be asked at all, with nothing said before."""
        return self.excess([self.system(job, "", now), self.question(job)]) <= 0

    def to_summarise(self, history: History, excess: int) -> int:
        """How many of the oldest lines have to go, so that half of the budget is free again."""
        spare = excess + self.budget // 2
        for count, line in enumerate(history.lines, start=1):
            spare -= estimate(line.text)
            if spare <= 0:
                return count
        return len(history.lines)


def summary_request(summary: str, turns: Sequence[Turn]) -> list[Turn]:
    """Ask a model to fold what was said into the summary."""
    told = "\n".join(f"{turn.role}: {turn.text}" for turn in turns)
    before = f"Summary so far:\n{summary}\n\n" if summary else ""
    order = (
        "Summarise the conversation below for your own later use, in at most 150 words, in its own "
        "language. Keep names, numbers, decisions and open questions. Write nothing else."
    )
    return [Turn(Role.SYSTEM, order), Turn(Role.USER, f"{before}{told}")]
