"""SIGTERM and Ctrl-C ask the program to stop; asked twice, it stops at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that is set when the program shall stop."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def asked(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in STOPPING:
        loop.add_signal_handler(number, asked, number)
    try:
        yield stop
    finally:
        for number in STOPPING:
            loop.remove_signal_handler(number)
