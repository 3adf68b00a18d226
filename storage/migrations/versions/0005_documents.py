"""Documents, their pages, and what finds a passage in them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# SQLite counts by itself only in a column that is exactly INTEGER, which holds 64 bits there.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE = (
    """CREATE VIRTUAL TABLE passage_words USING fts5(
    words, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_'")""",
    """CREATE TRIGGER passage_words_added AFTER INSERT ON passages BEGIN
    INSERT INTO passage_words(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER passage_words_deleted AFTER DELETE ON passages BEGIN
    INSERT INTO passage_words(passage_words, rowid, words)
    VALUES ('delete', old.id, old.words); END""",
)
POSTGRES = (
    """CREATE INDEX passage_words ON passages
    USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)""",
)


def _words(name):
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)


def _number(name):
    return sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)


def _key(name, kind):
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Make the tables, all of them empty, and the index that the database is good at."""
    op.add_column("lanes", _number("document"))
    op.create_table(
        "documents",
        sa.Column("id", ID, nullable=False),
        _number("person"),
        _number("chat"),
        _words("lane"),
        _number("message"),
        _words("ref"),
        _words("name"),
        _words("kind"),
        _words("title"),
        _number("pages"),
        _number("characters"),
        _words("state"),
        sa.Column("created_at", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("chat", "message", name="uq_documents_chat_message"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pages",
        _key("document", sa.BigInteger()),
        _key("number", sa.BigInteger()),
        _words("source"),
        _words("text"),
        sa.PrimaryKeyConstraint("document", "number", name="pk_pages"),
    )
    op.create_table(
        "passages",
        sa.Column("id", ID, nullable=False),
        _number("document"),
        _number("page"),
        _number("start"),
        _number("length"),
        _words("words"),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passages_document_page", "passages", ["document", "page"], unique=False)
    op.create_table(
        "notes",
        _key("document", sa.BigInteger()),
        _key("kind", sa.Text()),
        _key("number", sa.BigInteger()),
        _words("text"),
        sa.PrimaryKeyConstraint("document", "kind", "number", name="pk_notes"),
    )
    op.create_table(
        "vectors",
        _key("passage", ID),
        _number("document"),
        _words("model"),
        _words("sketch"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("passage", name="pk_vectors"),
    )
    op.create_index("ix_vectors_document_model", "vectors", ["document", "model"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)
