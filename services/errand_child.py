"""The other end of errands: what a child process does that answers over its pipes."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from typing import Any

from services.childhood import begin, say

Errand = Mapping[str, Any]
Work = Callable[[Errand], Mapping[str, object]]
"""Answers an errand; raises ValueError where this one cannot be done."""

LONGEST = 1 << 20
"""Characters that an errand may have."""

_TROUBLES = (ImportError, RuntimeError, OSError, MemoryError)


def serve(prepare: Callable[[Errand], Work]) -> None:
    """Prepare once, then answer errands until the parent is gone or wants nothing for long.

    An errand's trouble is told by its kind alone: what it says may quote the errand.
    """
    settings, out = begin()
    errands = SimpleQueue[Errand]()
    threading.Thread(target=_listen, args=(errands,), name="errands", daemon=True).start()
    _limit(settings.get("memory", 0))
    try:
        work = prepare(settings)
    except (*_TROUBLES, ValueError) as error:
        say(out, error=f"{type(error).__name__}: {error}")
        os._exit(1)
    say(out, ready=True)
    say(out, **_answered(work, errands.get()))
    with contextlib.suppress(Empty):
        while True:
            say(out, **_answered(work, errands.get(timeout=settings["idle"])))
    say(out, bye=True)
    os._exit(0)  # the thread that listens would hold us up


def _answered(work: Work, errand: Errand) -> dict[str, object]:
    try:
        return {"answer": work(errand)}
    except ValueError as error:
        return {"refused": f"cannot do this one ({type(error).__name__})"}
    except _TROUBLES as error:
        return {"failed": f"failed with {type(error).__name__}"}


def _listen(errands: SimpleQueue[Errand]) -> None:
    """Take errands in; nobody is there to hear an answer when the input has ended."""
    while (line := sys.stdin.readline(LONGEST)).endswith("\n"):
        errands.put(json.loads(line))
    os._exit(0)


def _limit(memory: int) -> None:
    """Let the child fail, and nobody else, when it wants more than so many bytes."""
    if memory and sys.platform == "linux":
        import resource  # noqa: PLC0415  it can do this on Linux only

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
