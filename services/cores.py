"""How many threads an engine of our own should use."""

from __future__ import annotations

import os


def half_of_the_cores() -> int:
    """Half of the processors that this process may use, at least one.

    The threads of an engine wait for each other after each step. Where they have no processor of
    their own, since the bot and others work too, they spend their time waiting: on two busy cores
    two threads of llama.cpp wrote 1 token a second and one wrote 20; on two idle ones the second
    brought 15 %.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max((cores or 1) // 2, 1)
