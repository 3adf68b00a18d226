"""A child process: opens what strangers sent, so that a bad file costs nobody but its sender."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.errand_child import Errand, serve
from services.opening.troubles import Trouble, Unreadable

Answer = Mapping[str, object]


class Desk:
    """Does what an errand says; the libraries of a format are loaded when it is first met."""

    def __call__(self, errand: Errand) -> Answer:
        """Answer, with the trouble where there is one. What else goes wrong ends the child."""
        try:
            answer: Answer = getattr(self, f"do_{errand['do']}")(errand)
        except Unreadable as trouble:
            return {"trouble": trouble.trouble.value, "number": trouble.number}
        except MemoryError:
            return {"trouble": Trouble.MEMORY.value, "number": 0}
        return answer

    def do_pictures(self, errand: Errand) -> Answer:
        """Make the pictures of a file ready."""
        reader = _module("picture_reader")
        reader.ready()
        place = (Path(errand["file"]), Path(errand["into"]))
        return {"pictures": reader.convert(*place, errand["most"], errand["pixels"])}


def _module(name: str) -> Any:
    return importlib.import_module(f"services.opening.{name}")


if __name__ == "__main__":
    serve(lambda _settings: Desk())
