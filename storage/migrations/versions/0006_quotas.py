"""Pieces are counted beside amounts, months are summed up, and people may have limits of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COUNTED = sa.text("state IN ('reserved', 'settled')")
REFUNDED = sa.text("state = 'refunded'")


def _number(name, default="0"):
    return sa.Column(name, sa.BigInteger(), server_default=sa.text(default), nullable=False)


def _fraction(name):
    return sa.Column(name, sa.Float(), server_default=sa.text("0"), nullable=False)


def _key(name, kind):
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Count what is in the ledger as one piece an entry, and make the other tables, all empty."""
    op.add_column("ledger", _number("units", "1"))
    op.drop_index("ix_ledger_counted", table_name="ledger")
    op.create_index(
        "ix_ledger_counted",
        "ledger",
        ["person", "skill", "day", "state", "units", "amount"],
        unique=False,
        sqlite_where=COUNTED,
        postgresql_where=COUNTED,
    )
    op.create_index(
        "ix_ledger_refunded",
        "ledger",
        ["person", "skill", "day"],
        unique=False,
        sqlite_where=REFUNDED,
        postgresql_where=REFUNDED,
    )
    op.create_table(
        "ledger_months",
        _key("person", sa.BigInteger()),
        _key("skill", sa.Text()),
        _key("month", sa.Text()),
        _number("units"),
        _fraction("amount"),
        sa.PrimaryKeyConstraint("person", "skill", "month", name="pk_ledger_months"),
    )
    op.create_table(
        "overrides",
        _key("person", sa.BigInteger()),
        _key("skill", sa.Text()),
        _number("per_day"),
        _number("set_by"),
        _fraction("set_at"),
        sa.PrimaryKeyConstraint("person", "skill", name="pk_overrides"),
    )
    op.create_table(
        "paces",
        _key("graph", sa.Text()),
        _fraction("seconds"),
        _number("runs"),
        sa.PrimaryKeyConstraint("graph", name="pk_paces"),
    )
