"""How far a job has come, what people want to hear, and how much of each skill they used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite counts by itself only in a column that is exactly INTEGER, which holds 64 bits there.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name):
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name):
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)


def _fraction(name):
    return sa.Column(name, sa.Float(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    """Add the columns, all of them empty, and make the ledger."""
    op.add_column("jobs", _words("checkpoint"))
    op.add_column("people", _words("voice_mode"))
    op.add_column("people", _words("voice_name"))
    op.add_column("people", _fraction("voice_speed"))
    op.add_column("people", _words("spoken"))
    op.add_column(
        "chats", sa.Column("transcribe", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "ledger",
        sa.Column("id", ID, nullable=False),
        _number("person"),
        _number("chat"),
        _words("skill"),
        _fraction("amount"),
        _words("state"),
        _number("job"),
        _words("reason"),
        _words("day"),
        _fraction("created_at"),
        _fraction("changed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sa.UniqueConstraint("job", "skill", name="uq_ledger_job_skill"),
    )
    op.create_index(
        "ix_ledger_counted",
        "ledger",
        ["person", "skill", "day", "state", "amount"],
        unique=False,
        sqlite_where=sa.text("state IN ('reserved', 'settled')"),
        postgresql_where=sa.text("state IN ('reserved', 'settled')"),
    )
    op.create_index(
        "ix_ledger_open",
        "ledger",
        ["job"],
        unique=False,
        sqlite_where=sa.text("state = 'reserved'"),
        postgresql_where=sa.text("state = 'reserved'"),
    )
