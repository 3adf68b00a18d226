"""The loop that runs jobs: claim, work, show, end; every job ends in something visible."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from domain.answers import Draft
from domain.errors import (
    BackendError,
    BackendUnavailable,
    HearthbotError,
    NoBackendLeft,
    Refused,
)
from domain.jobs import Job, State
from services.excuses import Excuses
from services.places import Capacity
from services.repeats import pauses
from services.runs import Run
from services.stage import Screen, Stage
from services.tasks import Answer, Onward, PlaceFree, Task
from storage.errors import StorageError
from storage.jobs import Ending, Jobs

log = logging.getLogger(__name__)

BREATH = 0.05
"""Seconds after a claim before it is asked what is held: jobs that have just begun go first."""


AGAIN = 1.0
"""Seconds after which what could not be written is written again."""

T = TypeVar("T")


def _nobody_to_tell() -> None:
    """Nobody shows those who wait that they do."""


@dataclass(slots=True)
class Worker:
    """Runs the jobs that it claims; `name` tells its claims from those of other processes."""

    jobs: Jobs
    tasks: Mapping[str, Task]
    stage: Stage
    capacity: Capacity
    excuses: Excuses
    name: str
    clock: Callable[[], float]
    before_start: Callable[[int], Awaitable[None]]
    after_return: Callable[[], None] = _nobody_to_tell
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    running: dict[int, Run] = field(default_factory=dict)
    closing: bool = False
    _left: Mapping[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        """Claim and run until `drain` is called or the task is cancelled."""
        async with asyncio.TaskGroup() as group:
            while not self.closing:
                self.wake.clear()
                try:
                    since = self.clock()
                    for job in await self._claim():
                        self._start(job, group)
                    self._left = self._room()
                    await self._rest(since)
                except Exception:
                    log.exception("The worker goes on after a failure", extra={"action": "worker"})
                    await asyncio.sleep(1.0)

    @property
    def answering(self) -> int:
        """How many jobs run here, those aside that answer at once."""
        return sum(run.pool != "quick" for run in self.running.values())

    async def drain(self, seconds: float) -> None:
        """Claim no more; let what runs finish for so long, then put the rest back in line."""
        self.closing = True
        self.wake.set()
        tasks = [run.task for run in self.running.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for run in list(self.running.values()):
                run.stop("")
            if late:
                await asyncio.wait(late, timeout=5.0)

    def stop(self, job: int, *, quietly: bool = False) -> None:
        """Stop a job that runs here; what it has shown stays, unless it is done `quietly`."""
        if job in self.running:
            self.running[job].stop("superseded" if quietly else "stopped")

    def freed(self) -> None:
        """Claim again if there is room for more than was left after the last claim.

        A job that has given its place back and still runs leaves no room for another.
        """
        if any(room > self._left.get(pool, 0) for pool, room in self._room().items()):
            self.wake.set()

    def _room(self) -> Mapping[str, int]:
        wants = self.capacity.free(Counter(run.pool for run in self.running.values()))
        return {pool: limit for pool, limit in wants.items() if limit > 0}

    async def _claim(self) -> Sequence[Job]:
        wants = self._room()
        return await self.jobs.claim(wants, self.name) if wants else []

    async def _rest(self, since: float) -> None:
        """Wait until something arrives, there is room for more, or what was held is due."""
        if await self._woken(BREATH):
            return
        due = await self.jobs.next_due(since)
        await self._woken(None if due is None else max(due - self.clock(), 0.0) + 0.001)

    async def _woken(self, seconds: float | None) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self.wake.wait()
        except TimeoutError:
            return False

    def _start(self, job: Job, group: asyncio.TaskGroup) -> None:
        run = Run(job.pool)
        self.running[job.id] = run
        run.task = group.create_task(self._whole(job, run), name=f"job {job.id} {job.task}")

    async def _whole(self, job: Job, run: Run) -> None:
        try:
            await self._work(job, run)
        except Exception as trouble:
            log.exception("A job could not be ended", extra={"action": "job", "job": job.id})
            await self._rescue(job, run, trouble)
        finally:
            if self.running.get(job.id) is run:  # the next stage of the job may run already
                del self.running[job.id]
            self.wake.set()

    async def _rescue(self, job: Job, run: Run, trouble: Exception) -> None:
        """Let no job stay behind as if it ran, for its lane would stand still."""
        try:
            await self._conclude(job, run, self._again(job, run, trouble))
        except Exception:
            log.exception("Left to the next start", extra={"action": "job", "job": job.id})

    async def _work(self, job: Job, run: Run) -> None:
        await self.before_start(job.id)
        async with self.stage.show(job) as screen:
            answer = await self._answer(job, run, screen)
        await self._conclude(job, run, answer)

    async def _conclude(self, job: Job, run: Run, answer: Answer | Onward | None) -> None:
        if isinstance(answer, Onward):
            await self._pass_on(job, run, answer)
        elif answer is not None:
            await self._end(job, answer, run.state, run.reason)
        elif run.pause is not None:
            put_back = partial(
                self.jobs.put_back,
                job.id,
                self.clock() + run.pause,
                run.reason,
                worker=self.name,
                count_attempt=not self.closing,
            )
            await self._written(put_back)
            self.after_return()

    async def _pass_on(self, job: Job, run: Run, onward: Onward) -> None:
        """Queue the next stage; whoever asked to stop in this moment gets that instead."""
        pass_on = partial(
            self.jobs.pass_on,
            job.id,
            self.name,
            task=onward.task,
            pool=onward.pool,
            payload=onward.payload,
        )
        if not await self._written(pass_on):
            run.reason = run.reason or "stopped"
            await self._conclude(job, run, self._stopped(job, run))

    async def _answer(self, job: Job, run: Run, screen: Screen) -> Answer | Onward | None:
        """Run the task; None means that the job is not over and goes back in line."""
        try:
            return await self._watched(job, run, screen)
        except Refused as refusal:
            return run.end(State.DONE, "refused", self.excuses.refused(refusal))
        except (BackendUnavailable, NoBackendLeft) as trouble:
            return self._again(job, run, trouble)
        except BackendError as trouble:
            log.warning("%s", trouble, extra={"action": "backend", "job": job.id})
            return run.end(State.DEAD, type(trouble).__name__, self.excuses.failed(job, trouble))
        except Exception as bug:
            log.exception("A task failed", extra={"action": "job", "job": job.id})
            return self._again(job, run, bug)

    async def _watched(self, job: Job, run: Run, screen: Screen) -> Answer | Onward | None:
        """Run the task in a task of its own, so that it can be stopped and its end still told."""
        work = asyncio.create_task(self._perform(job, run, screen), name=f"work {job.id}")
        run.work = work
        if run.reason:
            work.cancel()
        try:
            return await work
        except asyncio.CancelledError:
            if not work.cancelled() or _being_cancelled():
                work.cancel()
                raise
        if not run.reason:
            raise RuntimeError("the task was cancelled, and nobody had asked for it")
        return self._stopped(job, run)

    async def _perform(self, job: Job, run: Run, screen: Screen) -> Answer | Onward:
        async with aclosing(self.tasks[job.task].run(job)) as steps:
            async for step in steps:
                if isinstance(step, (Answer, Onward)):
                    return step
                if isinstance(step, PlaceFree):
                    run.pool = ""
                    self.wake.set()
                    continue
                if isinstance(step, Draft):
                    run.shown = step.text
                screen.show(step)
        raise RuntimeError(f"the task {job.task} ended without an answer")

    def _stopped(self, job: Job, run: Run) -> Answer | None:
        if run.reason == "stopped":
            return run.end(State.DROPPED, "stopped", self.tasks[job.task].stopped(job, run.shown))
        if run.reason == "superseded":
            return run.end(State.DROPPED, "superseded", Answer(None))
        run.pause, run.reason = 0.0, "the program stopped"
        return None

    def _again(self, job: Job, run: Run, trouble: Exception) -> Answer | None:
        kind = type(trouble).__name__
        ours = isinstance(trouble, HearthbotError)
        # what others raise may quote what somebody wrote
        log.warning("%s", trouble if ours else kind, extra={"action": "retry", "job": job.id})
        after = pauses(trouble)
        if job.attempts > len(after):
            return run.end(State.DEAD, kind, self.excuses.failed(job, trouble))
        run.pause, run.reason = after[job.attempts - 1], kind
        return None

    async def _end(self, job: Job, answer: Answer, state: State, reason: str) -> None:
        bodies = self.stage.compose(job, answer.reply) if answer.reply else ()
        ending = Ending(
            job.id,
            self.name,
            state,
            reason,
            bodies,
            answer.lines,
            replace_parts=answer.reply is not None,
            mark_sending_after=self.stage.newest(job),
            spent=answer.spent,
            kept=answer.kept,
        )
        self.stage.deliver(await self._written(partial(self.jobs.finish, ending)))

    async def _written(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write down how a job went on, as often as it takes: a full disk has room again one day.

        While the program stops there is no time for that: the next start finds the job running
        under a dead worker.
        """
        while True:
            try:
                return await write()
            except StorageError as trouble:
                if self.closing:
                    raise
                log.error("Not written: %s", trouble, extra={"action": "storage"})  # noqa: TRY400
                await asyncio.sleep(AGAIN)


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
