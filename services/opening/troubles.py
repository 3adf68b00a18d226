"""What can be wrong with a file, as the child tells it: by a word and a number."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why a file was not opened."""

    EMPTY = "empty"
    DAMAGED = "damaged"
    NO_PICTURE = "no picture"
    NO_DOCUMENT = "no document"
    PICTURE = "picture"
    SOUND = "sound"
    ARCHIVE = "archive"
    PROGRAM = "program"
    OLD_OFFICE = "old office"
    PASSWORD = "password"  # noqa: S105  the word for it
    WRONG_PASSWORD = "wrong password"  # noqa: S105
    PROTECTED = "protected"
    NO_PAGES = "no pages"
    NO_PAGE = "no page"
    NO_TEXT = "no text"
    PAGES = "pages"
    PIXELS = "pixels"
    BYTES = "bytes"
    CHARACTERS = "characters"
    BOMB = "bomb"
    MEMORY = "memory"
    SLOW = "slow"
    CRASH = "crash"


class Unreadable(Exception):
    """A file that is not opened; `number` is how many of what it has, 0 where that is no matter."""

    def __init__(self, trouble: Trouble, number: int = 0) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.number = number
