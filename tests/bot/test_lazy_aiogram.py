"""aiogram imported without its models behaves like aiogram imported with them."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot import lazy_aiogram

CHILD = Path(__file__).with_name("describe_aiogram.py")
ROOT = Path(__file__).parents[2]

RACE = """
import threading
import bot.lazy_aiogram as lazy
from aiogram.methods.base import Response
from aiogram.types import Message, Update

said = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "hi"}
start = threading.Barrier(5)
seen = []

def use():
    start.wait()
    seen.append(Response[Message].model_validate({"ok": True, "result": said}).result.text)
    seen.append(Update.model_validate({"update_id": 1, "message": said}).message.text)

users = [threading.Thread(target=use, name=f"user {n}") for n in range(4)]
for user in users:
    user.start()
start.wait()
lazy.warm([Update, Response[list[Update]], Response[Message]])
for user in users:
    user.join()
print(seen)
"""


def _described(way: str) -> Any:
    done = subprocess.run(
        [sys.executable, CHILD, way], check=True, capture_output=True, text=True, timeout=100
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any]:
    """The description of plain aiogram, and that of the lazy one."""
    with ThreadPoolExecutor() as pool:
        plain, lazy = pool.map(_described, ("plain", "lazy"))
    for name, one in (("plain", plain), ("lazy", lazy)):
        sys.stdout.write(f"{name}: {one['seconds']:.2f} s, {one['megabytes']:.0f} MB\n")
    return plain, lazy


def test_every_model_makes_the_same_of_the_same_samples(both: tuple[Any, Any]) -> None:
    """All types, methods and answers are built on first use and validate as ever."""
    plain, lazy = both
    assert len(plain["samples"]) > 700
    assert plain["samples"] == lazy["samples"]


def test_every_model_accepts_the_same_shapes(both: tuple[Any, Any]) -> None:
    """The JSON schema of all models together is the same to the last field."""
    plain, lazy = both
    assert plain["shape"] == lazy["shape"]


def test_models_may_be_built_by_several_threads_at_once() -> None:
    """Using models while they are being warmed in another thread gives right answers."""
    done = subprocess.run(
        [sys.executable, "-c", RACE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert str(["hi"] * 8) == done.stdout.strip()


def test_loading_again_changes_nothing() -> None:
    """A second call leaves the imported aiogram alone."""
    before = sys.modules["aiogram"]
    lazy_aiogram.load()
    assert before is sys.modules["aiogram"]
