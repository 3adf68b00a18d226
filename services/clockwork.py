"""APScheduler, made to fit: it decides what is due, and forgets nothing that was not done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.base import BaseExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.base import BaseJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.base import BaseScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.date import DateTrigger  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

Do = Callable[[str, Sequence[str]], None]

AGAIN = timedelta(minutes=1)
"""What fails is done again after so long."""


def due(*_words: str) -> None:
    """Stand in the table for what `_Hands` do: an entry must name a function."""


class _Hands(BaseExecutor):  # type: ignore[misc] # it has no types
    """Does what is due before the scheduler strikes it off: a crash repeats it, at the worst."""

    def __init__(self, do: Do) -> None:
        super().__init__()
        self._do = do

    def submit_job(self, job: Any, run_times: Any) -> None:  # noqa: ARG002 - APScheduler's call
        """Do it here and now, in the thread of the scheduler; what fails is entered again."""
        errand, *words = job.args
        try:
            self._do(errand, words)
        except (Exception, CancelledError) as trouble:
            if not isinstance(trouble, CancelledError):
                log.exception("An errand failed: %s", errand, extra={"action": "schedule"})
            # under another key, for the entry itself is about to be struck off
            self._scheduler.once(_other(job.id), datetime.now(UTC) + AGAIN, errand, *words)

    def _do_submit_job(self, job: Any, run_times: Any) -> None:
        """Never called: nothing is done elsewhere, or later."""


class Clockwork(BaseScheduler):  # type: ignore[misc] # it has no types
    """Turns when it is told to, in the thread that tells it; `woken` hears of new entries.

    What was missed while nobody turned it is done once, however late, with `do`.
    """

    def __init__(self, entries: BaseJobStore, do: Do, woken: Callable[[], None]) -> None:
        super().__init__(
            jobstores={"default": entries},
            executors={"default": _Hands(do)},
            job_defaults={"misfire_grace_time": None, "coalesce": True},
            timezone=UTC,
        )
        self._woken = woken

    def turn(self) -> float | None:
        """Do what is due; the seconds until something is again, None where nothing is."""
        pause: float | None = self._process_jobs()
        return pause

    def regularly(self, errand: str, when: str) -> None:
        """Do an errand at certain times, as cron writes them, in UTC where no clock is put on.

        What was to be done while the program was down is done at the first turn.
        """
        trigger, known = CronTrigger.from_crontab(when, timezone=UTC), self.get_job(errand)
        if known is None or str(known.trigger) != str(trigger):
            self._enter(errand, trigger, errand)

    def once(self, key: str, moment: datetime, errand: str, *words: str) -> None:
        """Do an errand at a moment; a later entry under the same key takes its place."""
        self._enter(key, DateTrigger(moment.astimezone(UTC)), errand, *words)

    def wakeup(self) -> None:
        """Tell whoever turns it that there is something new."""
        self._woken()

    def shutdown(self, wait: bool = True) -> None:
        """Let go of the table."""
        super().shutdown(wait)

    def _enter(self, key: str, trigger: Any, *args: str) -> None:
        self.add_job(due, trigger, args=args, id=key, replace_existing=True)


def _other(key: str) -> str:
    """Another key for the same errand."""
    return key.removesuffix("!") if key.endswith("!!") else key + "!"
