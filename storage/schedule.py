"""Where the schedule is kept: a table of its own, in the same database as all else."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]
from apscheduler.jobstores.sqlalchemy import (  # type: ignore[import-untyped]
    SQLAlchemyJobStore,
)
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from storage.engines import sqlite_file

TABLE = "schedule"
"""No migration knows it: it is APScheduler's own, and is made where it is missing."""

BUSY_SECONDS = 30.0
"""So long another program may hold the database."""


class Entries(SQLAlchemyJobStore):  # type: ignore[misc] # it has no types
    """What is to be done, and when.

    Each step opens a connection and closes it again: there are few in a minute, and a connection
    that is kept would have to be thought of whenever the server is started anew.
    """

    def __init__(self, url: str) -> None:
        super().__init__(engine=_engine(make_url(url)), tablename=TABLE)

    def remove_job(self, job_id: str) -> None:
        """Strike an entry off, unless another program was faster."""
        with suppress(JobLookupError):
            super().remove_job(job_id)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    file = sqlite_file(url)
    return create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(file, timeout=BUSY_SECONDS),
        poolclass=NullPool,
    )
