"""Sound that comes in pieces, and the WAV file around it."""

from __future__ import annotations

import io
import wave
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.errors import BackendNonsense

_MOST = {"rate": 384_000, "width": 4, "channels": 8}


@dataclass(frozen=True, slots=True)
class Form:
    """Samples a second, bytes a sample, and samples at once."""

    rate: int
    width: int
    channels: int

    @classmethod
    def of(cls, server: str, data: Mapping[str, Any]) -> Form:
        """Read the three numbers; raises BackendNonsense where they are none."""
        values = {name: data.get(name) for name in _MOST}
        if not all(type(one) is int and 0 < one <= _MOST[name] for name, one in values.items()):
            raise BackendNonsense(server, "its sound has an impossible form")
        return cls(**values)  # type: ignore[arg-type]


@dataclass(slots=True)
class Sound:
    """Pieces of one form, joined in the order in which they came."""

    server: str
    _form: Form | None = field(default=None, init=False)
    _pieces: list[bytes] = field(default_factory=list, init=False, repr=False)

    def begin(self, form: Form) -> None:
        """Learn the form of the pieces to come; another than before is BackendNonsense."""
        if self._form not in {None, form}:
            raise BackendNonsense(self.server, "its sound changes its form")
        self._form = form

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._form is None:
            raise BackendNonsense(self.server, "its sound has no beginning")
        self._pieces.append(piece)

    def wav(self) -> bytes:
        """The whole as a WAV file; raises BackendNonsense where there is nothing to hear."""
        pcm, form = b"".join(self._pieces), self._form
        frame = form.width * form.channels if form else 1
        whole = len(pcm) - len(pcm) % frame
        if form is None or not whole:
            raise BackendNonsense(self.server, "it said nothing")
        file = io.BytesIO()
        with wave.open(file, "wb") as written:
            written.setparams((form.channels, form.width, form.rate, 0, "NONE", ""))
            written.writeframes(memoryview(pcm)[:whole])
        return file.getvalue()
