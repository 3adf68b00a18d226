"""ffmpeg is found, held and ended."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from services.sound.ffmpeg import (
    CURE,
    MEMORY,
    WORDS,
    Ffmpeg,
    FfmpegFailed,
    FfmpegHung,
    FfmpegMissing,
    find,
)
from tests.services.ground import until
from tests.services.sound.recordings import alive, number, stub

PATIENCE = 10.0


def test_the_binary_of_the_set_up_is_found_without_asking_anybody() -> None:
    """It is the one in imageio-ffmpeg's folder."""
    assert find().parent.parts[-2:] == ("imageio_ffmpeg", "binaries")


def test_the_machines_own_is_the_second_choice(tmp_path: Path) -> None:
    """Where the set-up brought none, PATH is asked."""
    own = stub(tmp_path / "ffmpeg", "exit 0")
    assert own == find(tmp_path / "nothing", str(tmp_path))


def test_what_cannot_be_run_is_not_found(tmp_path: Path) -> None:
    """A file that lost its permission is no program."""
    (tmp_path / "ffmpeg-linux").write_text("")
    own = stub(tmp_path / "ffmpeg", "exit 0")
    assert own == find(tmp_path, str(tmp_path))


def test_its_absence_names_the_cure(tmp_path: Path) -> None:
    """Doctor shows what to run."""
    with pytest.raises(FfmpegMissing) as caught:
        find(tmp_path, str(tmp_path))
    assert CURE == caught.value.cure
    assert f"ffmpeg is missing; run: {CURE}" == str(caught.value)


async def test_what_is_no_program_is_missing_too(tmp_path: Path) -> None:
    """A binary for another processor fails when it is started."""
    foreign = tmp_path / "ffmpeg"
    foreign.write_bytes(b"\x7fELF nothing")
    foreign.chmod(0o755)
    for program in (foreign, tmp_path / "gone", tmp_path):
        with pytest.raises(FfmpegMissing, match="cannot be started"):
            await Ffmpeg(program).run((), PATIENCE)


async def test_one_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    """The deadline ends the whole family."""
    note = tmp_path / "pid"
    hanging = stub(tmp_path / "ffmpeg", f"sleep 600 & echo $! > {note}; wait")
    with pytest.raises(FfmpegHung):
        await Ffmpeg(hanging).run((), 1.0)
    await until(lambda: not alive(number(note)))


async def test_cancelling_kills_it(tmp_path: Path) -> None:
    """Nobody waits for what nobody wants."""
    note = tmp_path / "pid"
    hanging = stub(tmp_path / "ffmpeg", f"echo $$ > {note}; exec sleep 600")
    work = asyncio.create_task(Ffmpeg(hanging).run((), 600.0), name="hang")
    await until(lambda: number(note) > 0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not alive(number(note))


async def test_its_last_words_are_kept_and_no_more(tmp_path: Path) -> None:
    """A file that makes it complain for ever fills no memory."""
    noisy = stub(
        tmp_path / "ffmpeg",
        "i=0; while [ $i -lt 20000 ]; do echo no $i; i=$((i+1)); done >&2\nexit 3",
    )
    with pytest.raises(FfmpegFailed) as caught:
        await Ffmpeg(noisy).run((), PATIENCE)
    assert 3 == caught.value.code
    assert WORDS >= len(caught.value.words)
    assert caught.value.words.endswith("no 19999\n")
    assert "no" not in str(caught.value).split()


async def test_it_is_told_no_secrets(tmp_path: Path) -> None:
    """The bot's environment, with its token, stays with the bot."""
    curious = stub(tmp_path / "ffmpeg", f"env > {tmp_path}/seen")
    await Ffmpeg(curious).run((), PATIENCE)
    seen = (tmp_path / "seen").read_text().splitlines()
    assert {"LC_ALL", "PWD", "SHLVL", "_", "OLDPWD"} >= {line.partition("=")[0] for line in seen}


async def test_it_cannot_take_the_machines_memory(tmp_path: Path) -> None:
    """Whatever a file makes it unpack, it gets so much and no more."""
    greedy = stub(
        tmp_path / "ffmpeg",
        f'exec {sys.executable} -c "import time; time.sleep(0.2); b = bytearray({MEMORY})"',
    )
    with pytest.raises(FfmpegFailed) as caught:
        await Ffmpeg(greedy).run((), PATIENCE)
    assert "MemoryError" in caught.value.words


async def test_it_opens_no_network(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """An address is no file."""
    with pytest.raises(FfmpegFailed) as caught:
        await ffmpeg.run(("-i", "http://127.0.0.1:9/a.ogg", str(tmp_path / "a.wav")), PATIENCE)
    assert "not on whitelist" in caught.value.words
