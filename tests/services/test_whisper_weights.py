"""Whisper's weights are found where they may be, and joined so that half of them is never used."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from services.weights import folder
from services.whisper_weights import (
    BASE,
    JOINED_SHA256,
    MODEL,
    NEEDED,
    PACKAGES,
    PARTS,
    Whisper,
    find,
    join,
)

HALVES = (b"first half, ", b"second half")


def put(path: Path, content: bytes = b"x") -> Path:
    """A file with a content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def whole(home: Path, size: int = 1) -> Path:
    """A folder with all that weights need."""
    for name in NEEDED:
        put(home / name, b"x" * size)
    return home


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, ...]:
    """Two parts, the last among the files that belong to them."""
    put(tmp_path / "2" / "config.json", b"{}")
    put(tmp_path / "2" / "tokenizer.json", b"{}")
    first, second = HALVES
    return put(tmp_path / "1" / PARTS[0], first), put(tmp_path / "2" / PARTS[1], second)


def wanted(tmp_path: Path, parts: tuple[Path, ...]) -> Whisper:
    """What the parts make."""
    return Whisper(tmp_path / "home", parts, hashlib.sha256(b"".join(HALVES)).hexdigest())


Packages = Callable[[int], None]


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    """Installs the first so many of the packages, as ones that cannot be imported."""

    def install(number: int) -> None:
        for name, part in list(zip(PACKAGES, PARTS, strict=True))[:number]:
            put(tmp_path / "site" / name / "__init__.py", b"raise RuntimeError('imported')")
            put(tmp_path / "site" / name / "data" / part)
        monkeypatch.syspath_prepend(tmp_path / "site")

    return install


def test_what_was_pulled_goes_before_the_packages_and_the_largest_first(
    tmp_path: Path, packages: Packages
) -> None:
    """Who pulls better weights wants them used; a folder that misses a file is none."""
    packages(2)
    packaged = find(tmp_path)
    assert packaged is not None
    assert (folder(tmp_path) / BASE, JOINED_SHA256) == (packaged.home, packaged.sha256)
    assert [*PARTS] == [one.name for one in packaged.parts]
    small = whole(folder(tmp_path) / "small")
    assert Whisper(small) == find(tmp_path)
    large = whole(folder(tmp_path) / "large", 2)
    put(folder(tmp_path) / "half" / MODEL, b"xxx")
    put(folder(tmp_path) / "chat.gguf", b"xxxx")
    whole(folder(tmp_path) / "larger.x1.part", 3)
    assert Whisper(large) == find(tmp_path)


def test_what_is_chosen_goes_before_everything(tmp_path: Path, packages: Packages) -> None:
    """As a path, as the name of a folder, as the packages' name; never another instead."""
    packages(2)
    whole(folder(tmp_path) / "large", 2)
    elsewhere = whole(tmp_path / "elsewhere" / "mine")
    assert Whisper(elsewhere) == find(tmp_path, str(elsewhere))
    assert Whisper(folder(tmp_path) / "large") == find(tmp_path, "large")
    packaged = find(tmp_path, BASE)
    assert packaged is not None
    assert packaged.parts
    assert find(tmp_path, "nonsense") is None


def test_parts_are_joined_once(tmp_path: Path, parts: tuple[Path, ...]) -> None:
    """Afterwards they are not even looked at."""
    weights = wanted(tmp_path, parts)
    assert weights.home == join(weights)
    assert b"".join(HALVES) == (weights.home / MODEL).read_bytes()
    assert {*NEEDED} == {one.name for one in weights.home.iterdir()}
    for one in parts:
        one.unlink()
    assert weights.home == join(weights)


def test_parts_that_do_not_fit_are_not_kept(tmp_path: Path, parts: tuple[Path, ...]) -> None:
    """Another file than the pinned one is never loaded."""
    put(parts[0], b"another, ")
    weights = wanted(tmp_path, parts)
    with pytest.raises(ValueError, match="do not fit together"):
        join(weights)
    assert ["1", "2"] == names(tmp_path)


def test_what_a_killed_process_left_behind_is_swept_away(
    tmp_path: Path, parts: tuple[Path, ...]
) -> None:
    """145 MB for each start that was cut short would fill a small disk."""
    models = folder(tmp_path)
    whole(models / f"{BASE}.x1.part")
    weights = replace(wanted(tmp_path, parts), home=models / BASE)
    join(weights)
    assert [BASE] == names(models)


def test_a_pull_that_was_cut_short_is_left_as_it_is(
    tmp_path: Path, parts: tuple[Path, ...]
) -> None:
    """What has come of it counts; the operator decides."""
    weights = wanted(tmp_path, parts)
    begun = put(weights.home / "model.bin.part", b"half")
    with pytest.raises(ValueError, match=f"{weights.home} cannot be filled .*; delete it"):
        join(weights)
    assert b"half" == begun.read_bytes()
    assert ["1", "2", "home"] == names(tmp_path)


def names(place: Path) -> list[str]:
    """What is in a folder."""
    return sorted(one.name for one in place.iterdir())


def test_two_who_join_at_the_same_time_do_not_disturb_each_other(
    tmp_path: Path, parts: tuple[Path, ...]
) -> None:
    """The bot and a worker may both hear their first voice note now."""
    weights = wanted(tmp_path, parts)
    with ThreadPoolExecutor(8) as pool:
        homes = list(pool.map(join, [weights] * 8))
    assert [weights.home] * 8 == homes
    assert b"".join(HALVES) == (weights.home / MODEL).read_bytes()
