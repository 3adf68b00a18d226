"""A PostgreSQL server of our own, in a folder of its own, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

HUMBLE = ("postgres", "nobody")  # the server refuses to run as root
FAST = ("fsync=off", "full_page_writes=off", "max_connections=60", "listen_addresses=")


def programs() -> Path | None:
    """The folder of initdb and postgres, if this machine has them."""
    folders = ["/usr/local/bin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    found = shutil.which("initdb", path=os.pathsep.join([*folders, os.environ["PATH"]]))
    return Path(found).resolve().parent if found else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server that listens on a socket only; yields the folder of the socket."""
    user = _humble_user()
    home = tempfile.mkdtemp(prefix="hearthbot-pg-", dir="/tmp")  # sockets: short
    try:
        if user:
            shutil.chown(home, user)
        made = [str(folder / "initdb"), "-A", "trust", "-U", "tester", "-N", "-D", f"{home}/data"]
        subprocess.run(made, user=user, cwd=home, check=True, capture_output=True)
        with _running(folder, home, user):
            yield home
    finally:
        shutil.rmtree(home)


@contextmanager
def _running(folder: Path, home: str, user: str | None) -> Iterator[None]:
    options = [word for option in FAST for word in ("-c", option)]
    with (
        Path(home, "log").open("wb") as log,
        subprocess.Popen(
            [folder / "postgres", "-D", f"{home}/data", "-k", home, *options],
            user=user,
            cwd=home,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            _wait_until_ready(home)
            yield
        finally:
            process.send_signal(signal.SIGQUIT)  # nothing in it is worth a checkpoint
            process.wait(30)


def _wait_until_ready(home: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=home, user="tester", dbname="postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            select.select([], [], [], 0.05)
        else:
            return


def _humble_user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in HUMBLE if name in known)
