"""What the tables are made of."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Text,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    },
)

# SQLite counts by itself only in a column that is exactly INTEGER, which holds 64 bits there.
Id = BigInteger().with_variant(Integer, "sqlite")


def number(name: str, default: int = 0) -> Column[int]:
    """A whole number."""
    return Column(name, BigInteger, nullable=False, server_default=text(str(default)))


def words(name: str) -> Column[str]:
    """A text, empty where nothing was said."""
    return Column(name, Text, nullable=False, server_default=text("''"))


def fraction(name: str) -> Column[float]:
    """A number with a fraction."""
    return Column(name, Float, nullable=False, server_default=text("0"))


time = fraction


def switch(name: str) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, server_default=false())


def partial(name: str, where: str, *columns: str) -> Index:
    """An index of some rows only."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
