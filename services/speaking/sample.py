"""A sample of the voice that somebody chose."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from domain.answers import Phase, Progress, Reply
from domain.jobs import Job
from services.speaking.speaking import Speaking
from services.tasks import Answer, Step
from services.words import Words


@dataclass(frozen=True, slots=True)
class Sample:
    """The task that says a sentence aloud."""

    speaking: Speaking
    words: Words

    async def run(self, job: Job) -> AsyncGenerator[Step, None]:
        """Say it, or say in writing why not."""
        voice = self.words.speak(job.payload.person.language)
        text = voice("This is how I sound. It is 7:30, and tea for 2 costs 5 €.")
        yield Progress(Phase.THINKING, voice("Speaking…"))
        async with self.speaking.recited(job) as reading:
            spoken = await reading.finish(text)
        if spoken.voice:
            yield Answer(Reply("", (spoken.voice,)))
        else:
            yield Answer(Reply(spoken.note or voice("I cannot speak at the moment."), plain=True))

    def stopped(self, job: Job, shown: str) -> Answer:  # noqa: ARG002 - the contract of a Task
        """Nothing remains of it."""
        return Answer(None)
