"""A child process: Piper and espeak-ng, which read a text aloud.

Both are under the GPL, and so in a program of their own that is told what to say over its pipes.
"""

from __future__ import annotations

import base64
import importlib
import io
import json
import re
import wave
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.errand_child import Errand, serve
from services.espeak import Espeak

LONGEST = 300
"""Characters that Piper reads at a time."""

_PART = re.compile(
    rf"\s*(.{{1,{LONGEST}}}[.!?…](?=\s|$)|.{{1,{LONGEST}}}(?=\s|$)|.{{1,{LONGEST}}})", re.DOTALL
)

VOICES = 3
"""So many of Piper's voices stay in memory, about 60 MB each."""


class Mouth:
    """Speaks with the voice that an errand names."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._voice = lru_cache(VOICES)(self._loaded)
        self._espeak = lru_cache(1)(Espeak)

    def __call__(self, errand: Errand) -> Mapping[str, object]:
        """Return a WAV file in base64."""
        say = self._piped if "model" in errand else self._basic
        rate, samples = say(errand)
        return {"wav": base64.b64encode(_wav(rate, samples)).decode()}

    def _piped(self, errand: Errand) -> tuple[int, bytes]:
        voice, piper = self._voice(errand["model"]), importlib.import_module("piper")
        text = errand["text"].replace("[[", "[ [")  # Piper takes what is between for phonemes
        pace = piper.SynthesisConfig(length_scale=voice.config.length_scale / errand["speed"])
        said = (
            one.audio_int16_bytes for part in parts(text) for one in voice.synthesize(part, pace)
        )
        return voice.config.sample_rate, b"".join(said)

    def _basic(self, errand: Errand) -> tuple[int, bytes]:
        espeak = self._espeak(Path(errand["home"]))
        return espeak.rate, espeak.say(errand["text"], errand["tongue"], errand["speed"])

    def _loaded(self, model: str) -> Any:
        """Load a voice as Piper does, but on our number of threads, which sleep where they wait."""
        piper = importlib.import_module("piper")  # it may be missing, which is ours to tell
        onnx = importlib.import_module("onnxruntime")
        settings = json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))
        options = onnx.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnx.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        config = importlib.import_module("piper.config").PiperConfig.from_dict(settings)
        return piper.PiperVoice(session, config)


def prepare(settings: Errand) -> Mouth:
    """Voices are loaded by the first who needs them."""
    return Mouth(settings["threads"])


def parts(text: str) -> list[str]:
    """Cut a long text at the ends of sentences, else between words, else anywhere.

    Piper cuts sentences itself, and needs 3 MB for each second of the longest.
    """
    return [text] if len(text) <= LONGEST else _PART.findall(text)


def _wav(rate: int, samples: bytes) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples)
    return whole.getvalue()


if __name__ == "__main__":
    serve(prepare)
