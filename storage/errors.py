"""What can go wrong with the memory itself, in words that say what to do next.

StorageError        the database did not do what it was asked
  StorageFull       no room: free some, then it works again
  StorageBroken     the database cannot be used as it is
  StorageBusy       another program held it for too long
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from domain.errors import HearthbotError

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError


class StorageError(HearthbotError):
    """The database did not do what it was asked."""


class StorageFull(StorageError):
    """There is no room left; what was asked for was not written."""


class StorageBroken(StorageError):
    """The database cannot be used as it is."""


class StorageBusy(StorageError):
    """Another program held the database for too long."""


# Pieces of the messages of SQLite and PostgreSQL, and what they come to. The first that
# matches decides.
_SIGNS: tuple[tuple[str, type[StorageError], str], ...] = (
    ("disk is full", StorageFull, "the disk is full: free some space"),
    ("no space left", StorageFull, "the disk is full: free some space"),
    (
        "file is not a database",
        StorageBroken,
        "the file is not a database: it was left as it was; move it away or restore a copy",
    ),
    (
        "malformed",
        StorageBroken,
        "the database is damaged: keep a copy, then restore a backup or use sqlite3's .recover",
    ),
    ("readonly", StorageBroken, "the database cannot be written: check owner and permissions"),
    ("read-only", StorageBroken, "the database cannot be written: check owner and permissions"),
    ("unable to open", StorageBroken, "the file cannot be opened: check path and permissions"),
    ("disk i/o error", StorageBroken, "the disk failed: check its health and its free space"),
    ("connection to server", StorageBroken, "the database server cannot be reached: start it"),
    ("is locked", StorageBusy, "another program holds the database: stop it, or wait"),
)


def explained(error: BaseException) -> BaseException:
    """The error in our own words if it is the database's; any other comes back as it was."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StorageFull(f"the disk is full: free some space ({error})")
    if not isinstance(error, _foreign()):
        return error
    said = str(error.orig)
    for sign, kind, advice in _SIGNS:
        if sign in said.lower():
            return kind(f"{advice} ({said})")
    if error.connection_invalidated:
        return StorageBroken(f"the connection to the database was lost ({said})")
    return error


def _foreign() -> type[DBAPIError]:
    """The database's own error; its library takes long to import, and is there by then."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    return DBAPIError


@contextmanager
def explaining() -> Iterator[None]:
    """Whatever the database raises inside comes out in our own words, with its cause."""
    try:
        yield
    except (_foreign(), OSError) as error:
        told = explained(error)
        if told is error:
            raise
        raise told from error
