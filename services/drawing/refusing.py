"""Orders that cannot be taken: each is told why, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from domain.answers import Reply
from domain.jobs import Job
from services.drawing.faults import about_nobody, about_wishes
from services.drawing.studio import SKILLS, Studio
from services.tasks import Quick, Task
from services.words import Voice, Words


@dataclass(frozen=True, slots=True)
class Refusing:
    """The tasks that the studio writes down where it takes no order."""

    studio: Studio
    words: Words

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        unclear = {f"unclear_{one}": Quick(partial(self.unclear, one)) for one in SKILLS}
        nobody = {f"nobody_to_{one}": Quick(partial(self.nobody, one)) for one in SKILLS}
        return {**unclear, **nobody}

    async def unclear(self, task: str, job: Job) -> Reply:
        """Say what was wrong with the wishes."""
        fault = self.studio.fault(task, job.payload)
        most = self.studio.longest(job.payload.person.id)
        return Reply(about_wishes(fault, task, most, self._voice(job)), plain=True)

    async def nobody(self, task: str, job: Job) -> Reply:
        """Say that there is no server for it."""
        return Reply(about_nobody(task, self._voice(job)), plain=True)

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)
