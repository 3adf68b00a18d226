"""A child process: llama.cpp's server with one model; it ends when its standard input does.

Its first line of input is its settings, its only line of output is where it listens, or why not.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import secrets
import signal
import sys
from typing import Any, TextIO

_PR_SET_PDEATHSIG = 1
_NICER = 5  # the bot itself stays responsive while the model computes


def main() -> int:
    """Serve until the parent is gone."""
    settings = json.loads(sys.stdin.readline())
    out = _only_ours()
    _die_with_parent(settings["parent"])
    os.nice(_NICER)
    key = secrets.token_hex(16)
    try:
        server = _serve(settings, key)
    except (ImportError, RuntimeError, ValueError, OSError) as error:
        _say(out, error=f"{type(error).__name__}: {error}")
        return 1
    _say(out, url=server.listening_address, key=key)
    sys.stdin.read()
    # an answer may be under way; nobody is there to hear it
    os._exit(0)


def _only_ours() -> TextIO:
    """Keep standard output for ourselves: the library below prints what it likes."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return out


def _die_with_parent(parent: int) -> None:
    """Ask the system to kill us with the parent; where it cannot, our input's end does it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def _serve(settings: dict[str, Any], key: str) -> Any:
    xllamacpp = importlib.import_module("xllamacpp")  # it may be missing, which is ours to tell
    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["name"]}
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["slots"] * settings["n_ctx"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["threads"]
    params.cpuparams.poll = params.cpuparams_batch.poll = 0  # sleep where others would spin
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]  # whoever else is on this machine could ask it otherwise
    params.cache_ram_mib = 0
    params.fit_params = params.warmup = False
    params.ui = params.endpoint_slots = False
    return xllamacpp.Server(params)


def _say(out: TextIO, **said: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(said), file=out, flush=True)


if __name__ == "__main__":
    sys.exit(main())
