"""The tables of what is used, what may be used, and how long it takes, as migrations leave them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text, UniqueConstraint

from storage.columns import Id, fraction, metadata, number, partial, time, words

ledger = Table(
    "ledger",
    metadata,
    Column("id", Id, primary_key=True),
    number("person"),
    number("chat"),
    words("skill"),
    fraction("amount"),  # in the skill's own unit; seconds where pieces are counted, too
    words("state"),
    number("job"),
    words("reason"),
    words("day"),  # where the bot lives, as 2026-01-31
    time("created_at"),
    time("changed_at"),
    number("units", default=1),  # how many pieces; less than none is what was granted on top
    UniqueConstraint("job", "skill"),
    # All that a sum looks at; what was given back is not in it.
    partial(
        "ix_ledger_counted",
        "state IN ('reserved', 'settled')",
        *("person", "skill", "day", "state", "units", "amount"),
    ),
    partial("ix_ledger_open", "state = 'reserved'", "job"),
    # For who wants to know why; sums do not touch it.
    partial("ix_ledger_refunded", "state = 'refunded'", *("person", "skill", "day")),
)

ledger_months = Table(
    "ledger_months",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("skill", Text, primary_key=True),
    Column("month", Text, primary_key=True),  # as 2026-01
    number("units"),
    fraction("amount"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("skill", Text, primary_key=True),
    number("per_day"),
    number("set_by"),
    time("set_at"),
)

paces = Table(
    "paces",
    metadata,
    Column("graph", Text, primary_key=True),
    fraction("seconds"),
    number("runs"),
)
