"""What weights can be had by name: of which files they consist, and whether they are here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from services import whisper_weights
from services.weights import HUB, KNOWN, Weights, find, folder

_WHISPERS = {
    name: tuple(
        Weights(name, file, f"{HUB}/Systran/faster-{name}/resolve/main/{file}")
        for file in ("config.json", "tokenizer.json", "vocabulary.txt", whisper_weights.MODEL)
    )
    for name in (whisper_weights.BASE, "whisper-small")
}
"""Folders of files; the model comes last, for with it the folder is whole."""

SHOP: Mapping[str, tuple[Weights, ...]] = MappingProxyType(
    {**{one.name: (one,) for one in KNOWN}, **_WHISPERS}
)
"""The files of all weights by their name; the first are those that one begins with."""


def here(data_dir: Path, name: str) -> Path | None:
    """Where the weights are, None where they are not."""
    if name not in _WHISPERS:
        return find(data_dir, name)
    found = whisper_weights.find(data_dir, name)
    return found.place if found else None


def target(data_dir: Path, name: str) -> Path:
    """The folder that the files of these weights belong in."""
    return folder(data_dir) / name if name in _WHISPERS else folder(data_dir)
