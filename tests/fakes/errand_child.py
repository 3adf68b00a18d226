"""A child that does what an errand says: answer, refuse, fail, die, eat memory, never end."""

import os
import signal
from collections.abc import Callable, Mapping

from services.errand_child import Errand, serve


def echo(errand: Errand) -> Mapping[str, object]:
    """Say it again, and who says so."""
    return {"said": errand["text"], "pid": os.getpid(), "environ": dict(os.environ)}


def refuse(errand: Errand) -> Mapping[str, object]:
    """Quote the errand in an error, as libraries do."""
    raise ValueError(errand["text"])


def fail(errand: Errand) -> Mapping[str, object]:
    """Quote it in another."""
    raise OSError(errand["text"])


def die(errand: Errand) -> Mapping[str, object]:
    """As a library does that writes where it should not."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def eat(errand: Errand) -> Mapping[str, object]:
    """Take as many bytes as it says."""
    return {"eaten": len(bytearray(errand["bytes"]))}


def hang(errand: Errand) -> Mapping[str, object]:
    """Tell that it began, and never end."""
    with open(errand["path"], "w", encoding="utf-8") as file:  # noqa: PTH123  as short as it gets
        file.write(str(os.getpid()))
    while True:
        signal.pause()


def babble(errand: Errand) -> Mapping[str, object]:
    """Say more than anybody wants to hear."""
    return {"said": "x" * errand["characters"]}


WORK: tuple[Callable[[Errand], Mapping[str, object]], ...] = (
    *(echo, refuse, fail, die, eat, hang, babble),
)


def prepare(settings: Errand) -> Callable[[Errand], Mapping[str, object]]:
    """Choose by the errand's word."""
    if settings.get("broken"):
        raise RuntimeError("no weights of mine")
    known = {one.__name__: one for one in WORK}
    return lambda errand: known[errand["do"]](errand)


if __name__ == "__main__":
    serve(prepare)
