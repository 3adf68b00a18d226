"""What each child process of the bot does before anything else, and how it speaks."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from typing import Any, TextIO

_PR_SET_PDEATHSIG = 1
_NICER = 5  # the bot itself stays responsive while a child computes


def begin() -> tuple[dict[str, Any], TextIO]:
    """Read the settings, which are the first line of input; return them and where to answer.

    From here on the child dies with its parent, and what libraries print goes nowhere.
    """
    settings: dict[str, Any] = json.loads(sys.stdin.readline())
    out = _only_ours()
    _die_with(settings["parent"])
    os.nice(_NICER)
    return settings, out


def say(out: TextIO, **said: object) -> None:
    """Say one line; a parent that is gone hears nothing."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(said), file=out, flush=True)


def _only_ours() -> TextIO:
    """Keep standard output for ourselves: the libraries print what they like."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return out


def _die_with(parent: int) -> None:
    """Ask the system to kill us with the parent; where it cannot, our input's end does it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
