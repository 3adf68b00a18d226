"""Looks at a database without changing anything in it."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from storage.engines import sqlite_file
from storage.errors import StorageBroken, explaining
from storage.migrate import FRESH, revision
from storage.tables import REVISION

BUSY_SECONDS = 5.0


class Form(StrEnum):
    """What there is."""

    NONE = "none"
    OLDER = "older"
    NEWEST = "newest"


def examine(url: str) -> Form:
    """Look at the form of a database, and whether it is damaged; raises StorageError."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    elif not (file := sqlite_file(parsed)).exists():
        return Form.NONE
    else:
        there = f"{file.resolve().as_uri()}?mode=ro"
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(there, uri=True, timeout=BUSY_SECONDS),
            poolclass=NullPool,
        )
    with explaining(), engine.connect() as connection:
        return _form(connection)


def _form(connection: Connection) -> Form:
    if connection.dialect.name == "sqlite":
        said = connection.execute(text("PRAGMA quick_check(1)")).scalar()
        if said != "ok":
            raise StorageBroken(
                f"the database is damaged: keep a copy, then restore a backup ({said})"
            )
    found = revision(connection)
    if found == FRESH:
        return Form.NONE
    return Form.NEWEST if found == REVISION else Form.OLDER
