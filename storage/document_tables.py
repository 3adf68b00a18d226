"""The tables of documents, as the newest migration leaves them, and the index of their words."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from storage.columns import Id, metadata, number, time, words

documents = Table(
    "documents",
    metadata,
    Column("id", Id, primary_key=True),
    number("person"),
    number("chat"),
    words("lane"),
    number("message"),
    words("ref"),
    words("name"),
    words("kind"),
    words("title"),
    number("pages"),  # 0: not known before it is read
    number("characters"),
    words("state"),
    time("created_at"),
    UniqueConstraint("chat", "message"),
    sqlite_autoincrement=True,
)

pages = Table(
    "pages",
    metadata,
    Column("document", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    words("source"),
    words("text"),
)

# A passage is a place in the text of its page. The indexes below find it by its words.
passages = Table(
    "passages",
    metadata,
    Column("id", Id, primary_key=True),
    number("document"),
    number("page"),
    number("start"),
    number("length"),
    words("words"),
    Index(None, "document", "page"),
    sqlite_autoincrement=True,
)

notes = Table(
    "notes",
    metadata,
    Column("document", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    words("text"),
)

vectors = Table(
    "vectors",
    metadata,
    Column("passage", Id, primary_key=True, autoincrement=False),
    number("document"),
    words("model"),
    words("sketch"),  # in hexadecimal digits
    Column("vector", LargeBinary, nullable=False),
    Index(None, "document", "model"),
)

# The index of the words of all passages: each database has its own kind, made for it alone.
# SQLite's is an FTS5 table that holds no text, kept in step by triggers, so within the
# transaction that writes or deletes a passage. PostgreSQL's is a GIN index over the same words.
# Neither splits or changes anything, so both find the same.
WORD_INDEX = "passage_words"
LEXEMES = "array_to_tsvector(string_to_array(words, ' '))"

_SQLITE = (
    """CREATE VIRTUAL TABLE passage_words USING fts5(
    words, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '_'")""",
    """CREATE TRIGGER passage_words_added AFTER INSERT ON passages BEGIN
    INSERT INTO passage_words(rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER passage_words_deleted AFTER DELETE ON passages BEGIN
    INSERT INTO passage_words(passage_words, rowid, words)
    VALUES ('delete', old.id, old.words); END""",
)
_POSTGRES = (
    """CREATE INDEX passage_words ON passages
    USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)""",
)

for _dialect, _statements in (("sqlite", _SQLITE), ("postgresql", _POSTGRES)):
    for _statement in _statements:
        _make = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(metadata, "after_create", _make)
