"""An opener whose children end with the test, and files that the tests make."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.opening.opener import Opener
from services.words import Voice, Words


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opener() -> AsyncIterator[Opener]:
    """The real one, with its usual limits; its child serves all tests of a module."""
    one = Opener(slots=1)
    try:
        yield one
    finally:
        await one.aclose()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty workroom."""
    room = tmp_path / "room"
    room.mkdir()
    return room


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    """English, which needs no catalogue."""
    return Words(tmp_path).speak("en")
