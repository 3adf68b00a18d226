"""A child that opens files as the real one does, unless the file says what else should happen."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

from services.errand_child import Errand, serve
from services.opening.opening_child import Desk


class Hurt(Desk):
    """Files that are as bad as files can be do to it what they say."""

    def __call__(self, errand: Errand) -> Mapping[str, object]:
        """Crash, hang, or miss what it needs."""
        told = Path(errand["file"]).read_bytes()
        if b"crash" in told:
            os.kill(os.getpid(), signal.SIGSEGV)
        while b"hang" in told:
            signal.pause()
        if b"missing" in told:
            raise ImportError("a library")
        return super().__call__(errand)

    def do_outline(self, errand: Errand) -> Mapping[str, object]:
        """Eat inside the work, as libraries do."""
        if b"gorge" in Path(errand["file"]).read_bytes():
            bytearray(1 << 40)
        return super().do_outline(errand)


if __name__ == "__main__":
    serve(lambda _settings: Hurt())
