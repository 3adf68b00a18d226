"""The tables, as the newest migration leaves them.

Times are seconds since 1970 by the program's clock. They say when something may happen, never
in which order: order is always an id or a ticket, so a clock that is set back breaks nothing.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    FromClause,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    or_,
)

from storage.columns import Id as _Id
from storage.columns import fraction as _fraction
from storage.columns import metadata
from storage.columns import number as _number
from storage.columns import partial as _partial
from storage.columns import switch as _switch
from storage.columns import time as _time
from storage.columns import words as _words
from storage.document_tables import documents, notes, pages, passages, vectors
from storage.quota_tables import ledger, ledger_months, overrides, paces

__all__ = [
    "documents",
    "ledger",
    "ledger_months",
    "metadata",
    "notes",
    "overrides",
    "paces",
    "pages",
    "passages",
    "vectors",
]

REVISION = "0006"  # the newest migration; a database at this revision needs no Alembic to open

updates = Table(
    "updates",
    metadata,
    Column("update_id", _Id, primary_key=True, autoincrement=False),
    _time("received_at"),
)

dead_updates = Table(
    "dead_updates",
    metadata,
    Column("id", _Id, primary_key=True),
    _number("update_id"),
    _words("body"),
    _words("reason"),
    _time("at"),
    sqlite_autoincrement=True,
)

people = Table(
    "people",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    _words("name"),
    _words("language"),
    _words("client_language"),
    _number("served"),
    _time("seen_at"),
    _words("voice_mode"),
    _words("voice_name"),
    _fraction("voice_speed"),  # 0: not chosen
    _words("spoken"),
    Index(None, "served"),
)

chats = Table(
    "chats",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    _switch("blocked"),
    _number("newest_message"),
    _switch("transcribe"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", Text, primary_key=True),
    _number("chat"),
    _number("conversation", default=1),
    _words("summary"),
    _number("summarised_to"),
    _words("model"),
    _number("document"),  # 0: none is being asked about
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", _Id, primary_key=True),
    _words("lane"),
    _words("pool"),
    _words("task"),
    _number("person"),
    _number("chat"),
    Column("topic", BigInteger),
    _switch("private"),
    _number("message"),
    _words("state"),
    _number("attempts"),
    _time("not_before"),
    _time("held_at"),
    _words("join_key"),
    Column("answer", BigInteger),  # none: its own id
    _words("wish"),
    _number("conversation"),  # the one that was current when it was claimed
    _words("worker"),
    _time("created_at"),
    Column("started_at", Float),
    Column("finished_at", Float),
    _words("reason"),
    _switch("cancelled"),
    _words("payload"),  # behind the rest: what may be long is not in its way
    _words("checkpoint"),
    # The few unfinished jobs have indexes of their own, so the many finished ones cost nothing.
    # The first holds all that a claim looks at.
    _partial(
        "ix_jobs_live",
        "state IN ('queued', 'running')",
        *("lane", "id", "state", "pool", "person", "not_before", "held_at"),
    ),
    _partial("ix_jobs_running", "state = 'running'", "worker"),
    _partial("ix_jobs_answer", "answer IS NOT NULL", "answer"),
    Index("ix_jobs_finished_at", "finished_at"),
    Index(None, "chat", "message"),
    sqlite_autoincrement=True,
)

heard = Table(
    "heard",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("job", BigInteger, primary_key=True, autoincrement=False),
    Index(None, "job"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True),
    _number("answer"),
    _number("part"),
    _number("chat"),
    Column("topic", BigInteger),
    Column("body", Text),  # none: the message is to be deleted
    Column("message", BigInteger),
    _words("state"),
    _number("version", default=1),
    _number("after"),
    _time("not_before"),
    _time("held_at"),
    _number("attempts"),
    _words("error"),
    _time("created_at"),
    Column("sent_at", Float),
    _words("sender"),
    UniqueConstraint("answer", "part"),
    _partial("ix_outbox_open", "state IN ('waiting', 'sending')", "chat", "id"),
    Index(None, "chat", "message"),
    Index(None, "sent_at"),
    sqlite_autoincrement=True,
)

turns = Table(
    "turns",
    metadata,
    Column("id", _Id, primary_key=True),
    _words("lane"),
    _number("conversation"),
    _number("answer"),
    _words("role"),
    _words("text"),
    Column("message", BigInteger),
    _number("tokens"),
    _time("created_at"),
    UniqueConstraint("answer", "role"),
    Index(None, "lane", "conversation", "id"),
    sqlite_autoincrement=True,
)

figures = Table(
    "figures",
    metadata,
    Column("day", Text, primary_key=True),
    Column("backend", Text, primary_key=True),
    _number("answers"),
    _number("failures"),
    _number("tokens_read"),
    _number("tokens_written"),
    _time("seconds"),
)

pulse = Table(
    "pulse",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _number("beat"),
)


def due(table: FromClause, now: ColumnElement[float]) -> ColumnElement[bool]:
    """A row may be taken: its hold is over, or was put on by a clock that has since gone back."""
    return or_(table.c.not_before <= now, table.c.held_at > now)
