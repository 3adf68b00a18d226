"""After which pauses a job that has failed is begun again, and how often."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from domain.errors import HearthbotError

PAUSES = (0.0, 2.0, 6.0, 15.0, 30.0)
"""Seconds before the second start and each further one; after the last the job is given up."""

PAUSES_AFTER_BUGS = (0.0,)
"""The same where somebody's code has failed: waiting seldom cures that."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def pauses(trouble: Exception) -> Sequence[float]:
    """The pauses after a trouble; a disk without room is one that passes."""
    full = isinstance(trouble, OSError) and trouble.errno in _FULL
    return PAUSES if full or isinstance(trouble, HearthbotError) else PAUSES_AFTER_BUGS
