"""How long a chain waits for what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a chain waits, in seconds.

    After `notice_after` without a first piece the backend is asked what it is doing, then every
    `look_every`. After `doubt_after` it is given up when it does not say so within `ready_within`.
    A backend that is down is asked after `probe_first`, then more seldom, up to `probe_most`; one
    that is up every `watch_every` where nobody here asks it for anything else, 0 where they do.
    """

    notice_after: float = 0.7
    look_every: float = 2.0
    doubt_after: float = 8.0
    ready_within: float = 5.0
    probe_first: float = 1.0
    probe_most: float = 60.0
    watch_every: float = 0.0
