"""A lock tells the living from the dead."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.alive import AlreadyHeldError, Lock, Workers

HOLD = """
import sys
from pathlib import Path
from bot.alive import Workers
lock = Workers(Path(sys.argv[1])).join("other")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_worker_is_alive_until_it_is_killed(tmp_path: Path) -> None:
    """The system lets the lock go, even after kill -9."""
    workers = Workers(tmp_path)
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert workers.dead({"other", "never was"}) == {"never was"}
        other.kill()
        other.wait()
        assert workers.dead({"other"}) == {"other"}


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    """A second copy is told so, and the first one's release lets it in."""
    first = Lock.take(tmp_path / "bot.lock")
    with pytest.raises(AlreadyHeldError):
        Lock.take(tmp_path / "bot.lock")
    first.release()
    Lock.take(tmp_path / "bot.lock").release()
