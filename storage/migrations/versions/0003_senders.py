"""Who is sending a message, so that only what the dead were sending is in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the sender; what was being sent before has none."""
    op.add_column(
        "outbox", sa.Column("sender", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
