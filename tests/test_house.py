"""The house around the program: what is written beside the code is as true as the code."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """The version of each package of a lock."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", ["run", "demo", "dev", "weights"])
def test_a_lock_names_versions_and_hashes_and_no_addresses(lock: str) -> None:
    """Where packages come from is the business of the machine that installs them."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    assert "make lock" in text
    assert not re.search(r"://|^\s*--(index-url|extra-index-url|find-links)", text, re.MULTILINE)
    for block in re.split(r"\n(?=[a-z])", text.partition("make lock\n")[2]):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_locks_agree_and_hold_every_dependency() -> None:
    """What is tested is what runs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [re.split(r"[\[=>; ]", line)[0] for line in project["dependencies"]]
    assert set(direct) <= set(pins("run"))
    assert pins("run").items() <= pins("demo").items() <= pins("dev").items()


def test_help_lists_every_target() -> None:
    """`make` alone says what there is."""
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, flags=re.MULTILINE)
    assert phony
    assert phony[1].split() == re.findall(r"^  make (\w+)", said, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("python", "expected"),
    [("no-such-python", "there is no no-such-python"), ("./old", "./old is Python 3.9.1")],
)
def test_an_old_python_or_none_is_told_in_one_sentence(
    tmp_path: Path, python: str, expected: str
) -> None:
    """Nobody has to read a traceback to learn that Python is too old."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    old = tmp_path / "old"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.1\nexit 1\n')
    old.chmod(0o755)
    (tmp_path / "requirements").mkdir()
    for lock in ("demo", "run", "weights"):
        (tmp_path / "requirements" / f"{lock}.lock").touch()
    said = subprocess.run(
        ["make", f"PYTHON={python}", "install"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 2
    assert f"Hearthbot needs Python 3.11 or newer{'' if 'old' in expected else ','}" in said.stdout
    assert expected in said.stdout
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("variable", "files", "expected"),
    [
        ({}, [], "playground"),
        ({"TELEGRAM_TOKEN": "1:x"}, [], "run"),
        ({"HEARTHBOT_CONFIG": "x.toml"}, [], "run"),
        ({}, ["config.toml"], "run"),
    ],
)
def test_make_run_serves_telegram_or_opens_the_playground(
    tmp_path: Path, variable: dict[str, str], files: list[str], expected: str
) -> None:
    """Whoever has set something up gets the bot; whoever has not can try it."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("demo", "run", "weights"):
        (tmp_path / "requirements").mkdir(exist_ok=True)
        (tmp_path / "requirements" / f"{name}.lock").touch()
    for name in files:
        (tmp_path / name).touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".venv" / ".installed").touch()
    environ = {"PATH": os.environ["PATH"], **variable}
    said = subprocess.run(
        ["make", "run"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert f"-m bot {expected}" == said.stdout.strip()


def test_the_build_script_is_sound_and_may_be_run() -> None:
    """Bash can read it, it is strict, and nothing in it waits for somebody."""
    script = ROOT / ".ci" / "run"
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "exec </dev/null" in text
    assert text.rstrip().endswith("make check test")


SKIPPING = """
import pytest

def test_skips_itself(): pytest.skip("no engine")

@pytest.mark.skip
def test_is_skipped(): pass

@pytest.mark.xfail
def test_fails_as_expected(): assert False

def test_passes(): pass
"""


@pytest.mark.parametrize(
    ("code", "forbidden", "expected"),
    [
        (SKIPPING, "", "1 passed, 2 skipped, 1 xfailed"),
        (SKIPPING, "1", "1 failed, 1 passed, 1 xfailed, 1 error"),
        ("import pytest\npytest.skip('no engine', allow_module_level=True)", "1", "1 error"),
    ],
)
def test_where_nothing_may_be_skipped_a_skip_is_a_failure(
    tmp_path: Path, code: str, forbidden: str, expected: str
) -> None:
    """The build machine has everything, so a skip there hides something."""
    (tmp_path / "test_it.py").write_text(code)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HEARTHBOT_NO_SKIPS": forbidden},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1].startswith(expected)


def test_the_license_is_the_one_that_the_project_names() -> None:
    """pyproject.toml and LICENSE agree."""
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
    assert 'license = "MIT"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_program_runs_on_what_its_own_lock_installs() -> None:
    """No library that the program imports comes along with the tools of its developers only."""
    needed = {"aiogram", "aiohttp", "aiosqlite", "alembic", "babel", "greenlet", "httpx"}
    needed |= {"pydantic", "psycopg", "sqlalchemy", "telegramify-markdown"}
    locked = re.findall(
        r"^([a-z0-9-]+)(?:\[\w+\])?==", (ROOT / "requirements/run.lock").read_text(), re.MULTILINE
    )
    assert set() == needed - set(locked)
