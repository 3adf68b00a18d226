"""What is seen of a work while it is made: what is done, how far it is, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from domain.answers import Phase, Progress
from domain.drawing import Glimpse
from domain.jobs import Job
from services.drawing.making import Made
from services.phrasing import waiting_to_draw
from services.words import Voice


@dataclass(slots=True)
class Watching:
    """Puts what a chain tells into words; what was seen last stays until something newer comes."""

    job: Job
    voice: Voice
    seen: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.seen = Progress(self._phase, self.voice("Getting ready…"))

    def sees(self, one: Phase | Made) -> bool:
        """Take in what is new; whether it is anything to be seen."""
        if isinstance(one, Phase):
            works = one is Phase.THINKING
            note = self._doing("") if works else waiting_to_draw(one, self.voice)
            self.seen = Progress(self._phase if works else one, note)
        elif isinstance(one, Progress):
            note = self._doing(one.note)
            self.seen = replace(self.seen, phase=self._phase, note=note, share=one.share)
        elif isinstance(one, Glimpse):
            self.seen = replace(self.seen, glimpse=str(one.path))
        else:
            return False
        return True

    @property
    def _phase(self) -> Phase:
        return Phase.FILMING if self.job.task == "film" else Phase.DRAWING

    def _doing(self, step: str) -> str:
        """What is being done, and at which step it is, as "12/20" or nothing."""
        voice = self.voice
        doing = voice("Filming…") if self.job.task == "film" else voice("Drawing…")
        at, _, total = step.partition("/")
        return f"{doing} {voice('step {at} of {total}', at=at, total=total)}" if total else doing
