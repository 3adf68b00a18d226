"""espeak-ng, as its library is called from Python."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SYNCHRONOUS = 2
_UTF8 = 1
_RATE = 1
_WORDS_A_MINUTE = 175

_HEARD = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


@dataclass(slots=True)
class Espeak:
    """The library that lies in a folder beside its data; one of it a process.

    `rate` is samples a second; a sample has 16 bits.
    """

    home: Path
    rate: int = 0
    _library: Any = field(init=False, repr=False)
    _heard: Any = field(init=False, repr=False)
    _sound: bytearray = field(default_factory=bytearray, repr=False)

    def __post_init__(self) -> None:
        self._library = ctypes.CDLL(str(next(self.home.glob("libespeak-ng.*"))))
        self.rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, str(self.home).encode(), 0)
        if self.rate <= 0:
            raise RuntimeError("espeak-ng does not find its data")
        self._heard = _HEARD(self._hear)  # kept, for the library only borrows it
        self._library.espeak_SetSynthCallback(self._heard)

    def say(self, text: str, tongue: str, speed: float) -> bytes:
        """Return the samples; raises ValueError where it does not know the language."""
        if self._library.espeak_SetVoiceByName(tongue.encode()) != 0:
            raise ValueError("espeak-ng does not speak that")
        self._library.espeak_SetParameter(_RATE, round(_WORDS_A_MINUTE * speed), 0)
        self._sound.clear()
        said = text.encode("utf-8", "replace") + b"\0"
        if self._library.espeak_Synth(said, len(said), 0, 0, 0, _UTF8, None, None) != 0:
            raise RuntimeError("espeak-ng cannot say that")
        self._library.espeak_Synchronize()
        return bytes(self._sound)

    def _hear(self, samples: Any, number: int, _events: int) -> int:
        """Take samples; espeak-ng calls this, and goes on when it gets nothing but 0."""
        if samples and number > 0:
            self._sound += ctypes.string_at(samples, number * 2)
        return 0
