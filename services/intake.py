"""The door: what comes in is written down as a job before anything else happens to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from domain.messages import Incoming
from services.access import Access
from services.categories import Rules
from services.drawing.requests import requested
from services.drawing.studio import Studio
from services.people import Languages
from services.places import pool_of
from services.tastes import Tastes
from storage.jobs import Jobs, NewJob

LONG_PIECE = 3500
"""UTF-16 units from which a message may be the first piece of a paste that a client has split."""

FULL_PIECE = 4096
"""UTF-16 units at which Telegram's clients split a paste."""

GATHERING_SECONDS = 1.0
"""How long refusals and apologies of one chat are gathered into one."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the rest of something, and how old it may be; in seconds."""

    paste: float = 0.8
    album: float = 1.0
    oldest: float = 3600.0


@dataclass(frozen=True, slots=True)
class Intake:
    """Turns what was said into jobs, a batch of updates in one transaction.

    `arrived` is called when jobs are about to stand in line: who claims then comes after them.
    """

    jobs: Jobs
    access: Access
    rules: Rules
    languages: Languages
    tastes: Tastes
    patience: Patience
    clock: Callable[[], float]
    arrived: Callable[[], None]
    studio: Studio

    def batch(self) -> Batch:
        """Open a batch; nothing of it exists before its `commit`."""
        return Batch(self)


@dataclass(slots=True)
class Batch:
    """The updates that are written down together."""

    intake: Intake
    entries: list[NewJob] = field(default_factory=list)

    def desk(self, update: int | None) -> Desk:
        """The place where one update is accepted."""
        return Desk(self.intake, self.entries, update)

    async def commit(self) -> None:
        """Write all of it down in one transaction, and wake the worker."""
        if self.entries:
            self.intake.arrived()  # first: the worker's claim then shares the transaction
            await self.intake.jobs.add(self.entries)


@dataclass(frozen=True, slots=True)
class Desk:
    """Accepts what one update says."""

    intake: Intake
    entries: list[NewJob]
    update: int | None

    async def accept(self, task: str, said: Incoming, *, sent_at: float, group: str = "") -> None:
        """Take something that waits for its turn in its lane.

        `sent_at` is in seconds since the epoch. What carries the same `group` is one turn.
        """
        said = self._in_their_language(said)
        refusal = self._refusal(said, sent_at)
        if refusal:
            self._gather(refusal, said)
            return
        if made := self._order(task, said):
            self._add(made)
            return
        if task == "hear" and self.intake.tastes.transcribes(said.place.chat):
            task = "transcribe"
        hold, join, said = self._joined(said, f"{task}:{group}" if group else "")
        pool = pool_of(task, said, self.intake.rules)
        self._add(NewJob(task, pool, said, self.update, hold=hold, join=join))

    async def overhear(self, said: Incoming, *, sent_at: float, group: str = "") -> None:
        """Take what was said aloud to others, where the chat wants all of that written down."""
        listens = self.intake.tastes.transcribes(said.place.chat)
        if listens and not self._refusal(said, sent_at):
            await self.accept("transcribe", said, sent_at=sent_at, group=group)

    async def act(
        self, task: str, said: Incoming, *, sent_at: float, in_order: bool = False, group: str = ""
    ) -> None:
        """Take a command, a button or a stop: it does not wait in a lane, unless `in_order`.

        What carries the same `group` is one.
        """
        said = self._in_their_language(said)
        refusal = self._refusal(said, sent_at)
        if refusal:
            self._gather(refusal, said)
            return
        lane = said.place.lane if in_order else f"{said.place.lane}!{group or self.update}"
        hold, join, said = self._joined(said, group) if group else (0.0, "", said)
        self._add(NewJob(task, "quick", said, self.update, lane=lane, hold=hold, join=join))

    def _order(self, task: str, said: Incoming) -> NewJob | None:
        """What the studio is to make, in a lane of its own: nobody's chat waits for it."""
        studio, mark = self.intake.studio, str(self.update)
        if task == "chat" and studio.plain_requests and (plain := requested(said.text)):
            task, said = plain[0], replace(said, text=plain[1])
        if task == "gif":
            lane = f"{said.place.lane}!{mark}"
            return NewJob(task, pool_of(task, said, self.intake.rules), said, self.update, lane)
        if not studio.takes(task):
            return None
        return replace(studio.order(task, said, mark), update=self.update)

    def _refusal(self, said: Incoming, sent_at: float) -> str:
        if not self.intake.access.allows(said.person.id, said.place.chat):
            return "refuse"
        too_old = self.intake.clock() - sent_at > self.intake.patience.oldest
        return "apologise" if too_old else ""

    def _gather(self, task: str, said: Incoming) -> None:
        """One refusal or apology a chat, however many things it answers."""
        short = replace(said, text="", attachments=(), about=None)
        lane = f"{said.place.lane}!{task}"
        self._add(
            NewJob(task, "quick", short, self.update, lane=lane, hold=GATHERING_SECONDS, join=task)
        )

    def _joined(self, said: Incoming, group: str) -> tuple[float, str, Incoming]:
        if group:
            return self.intake.patience.album, f"album:{group}", said
        if said.attachments:
            return 0.0, "", said
        units = len(said.text.encode("utf-16-le")) // 2
        hold = self.intake.patience.paste if units >= LONG_PIECE else 0.0
        if LONG_PIECE <= units < FULL_PIECE:
            # the client split at white space, which Telegram has taken off
            said = replace(said, text=said.text + "\n")
        return hold, f"paste:{said.person.id}", said

    def _in_their_language(self, said: Incoming) -> Incoming:
        language = self.intake.languages.of(said.person)
        return replace(said, person=replace(said.person, language=language))

    def _add(self, entry: NewJob) -> None:
        self.entries.append(entry)
