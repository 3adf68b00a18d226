"""What people are told when something did not work out."""

from __future__ import annotations

from dataclasses import dataclass

from domain.answers import Button, Reply
from domain.errors import BackendRejected, ContextOverflow, NoBackendLeft, Refused
from domain.jobs import Job
from services.drawing.studio import SKILLS
from services.tasks import Answer
from services.words import Words


@dataclass(frozen=True, slots=True)
class Excuses:
    """Turns troubles into replies that say what to do next."""

    words: Words

    def refused(self, refusal: Refused) -> Answer:
        """A refusal is already in the person's words."""
        return Answer(Reply(str(refusal), plain=True))

    def failed(self, job: Job, trouble: Exception) -> Answer:
        """The reason in plain words, and a button to try again."""
        voice = self.words.speak(job.payload.person.language)
        if job.task in SKILLS:
            text = voice("Nobody could make this now. It does not count; please try again later.")
        elif isinstance(trouble, NoBackendLeft):
            text = voice("None of the models can be reached right now. Please try again later.")
        elif isinstance(trouble, ContextOverflow):
            text = voice("This is too long for the model. Start anew with /new or send less.")
        elif isinstance(trouble, BackendRejected):
            text = voice("The model refused this request. Try to put it differently.")
        else:
            text = voice("Something went wrong while answering. It has been written down.")
        again = Button(voice("Try again"), f"again:{job.answer}")
        return Answer(Reply(text, rows=((again,),), plain=True))
