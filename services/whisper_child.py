"""A child process: Whisper, which writes down what it hears in a file."""

from __future__ import annotations

import importlib
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.errand_child import Errand, serve
from services.whisper_weights import Whisper, join

FORM = (16_000, 1, 2)
"""Samples a second, channels, and bytes of a sample."""

BEAM = 5  # 1 misread a clear sentence


@dataclass(slots=True)
class Glance:
    """Looks at a window of sound once, where Whisper wants to look at it twice.

    It does so to find out the language, and then to write it down; looking is the dear part.
    `look` is what costs, `numpy` the library that windows are made with.
    """

    look: Callable[[Any], Any]
    numpy: Any
    _window: Any = None
    _seen: Any = None

    def __call__(self, window: Any) -> Any:
        """What there is to be seen in a window."""
        if self._window is None or not self.numpy.array_equal(self._window, window):
            self._seen = self.look(window)
            self._window = window
        return self._seen


def shortened(find_out: Callable[..., Any]) -> Callable[..., Any]:
    """Find out the language without the last moment, which writing down leaves out, too."""

    def found(audio: Any = None, features: Any = None, **how: Any) -> Any:
        if features is not None:
            features = features[..., : max(features.shape[-1] - 1, 1)]
        return find_out(audio, features, **how)

    return found


@dataclass(frozen=True, slots=True)
class Ear:
    """Whisper with its weights; `numpy` is the library that it takes its sound from."""

    model: Any
    numpy: Any

    def __call__(self, errand: Errand) -> Mapping[str, object]:
        """Write it down; raises ValueError where it is not the sound that it should be."""
        sound = self._read(Path(errand["path"]))
        language = errand["language"]
        spoken, found = self.model.transcribe(
            sound,
            language=language if language in self.model.supported_languages else None,
            beam_size=BEAM,
            vad_filter=True,
            condition_on_previous_text=False,  # one mistake would be repeated to the end
        )
        segments = [(one.start, one.end, one.text.strip()) for one in spoken]
        return {"language": found.language, "segments": segments}

    def _read(self, path: Path) -> Any:
        try:
            with wave.open(str(path), "rb") as file:
                form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
                samples = file.readframes(file.getnframes())
        except (wave.Error, EOFError) as error:
            raise ValueError("no WAV file") from error
        if form != FORM:
            raise ValueError("another form of sound")
        return self.numpy.frombuffer(samples, "<i2").astype("float32") / 32_768


def prepare(settings: Errand) -> Ear:
    """Load the weights; they are joined first where that has not been done."""
    parts = tuple(Path(one) for one in settings["parts"])
    home = join(Whisper(Path(settings["home"]), parts))
    library = importlib.import_module("faster_whisper")  # it may be missing, which is ours to tell
    model = library.WhisperModel(
        str(home),
        device="cpu",
        compute_type="int8",
        cpu_threads=settings["threads"],
        local_files_only=True,
    )
    numpy = importlib.import_module("numpy")
    model.encode, model.detect_language = (
        Glance(model.encode, numpy),
        shortened(model.detect_language),
    )
    return Ear(model, numpy)


if __name__ == "__main__":
    serve(prepare)
