"""A child process: llama.cpp's server with one model; it ends when its standard input does.

Its only line of output is where it listens, or why not.
"""

from __future__ import annotations

import importlib
import os
import secrets
import sys
from typing import Any

from services.childhood import begin, say


def main() -> int:
    """Serve until the parent is gone."""
    settings, out = begin()
    key = secrets.token_hex(16)
    try:
        server = _serve(settings, key)
    except (ImportError, RuntimeError, ValueError, OSError) as error:
        say(out, error=f"{type(error).__name__}: {error}")
        return 1
    say(out, url=server.listening_address, key=key)
    sys.stdin.read()
    # an answer may be under way; nobody is there to hear it
    os._exit(0)


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


if __name__ == "__main__":
    sys.exit(main())
