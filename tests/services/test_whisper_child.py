"""How Whisper looks at sound: once, though it wants to look twice."""

from __future__ import annotations

from typing import Any

import pytest

from services.whisper_child import Glance, shortened

numpy = pytest.importorskip("numpy", reason="it comes with Whisper; run: make install")


class Watcher:
    """Counts how often somebody looks."""

    def __init__(self) -> None:
        self.looked = 0

    def __call__(self, _window: Any) -> int:
        """Look."""
        self.looked += 1
        return self.looked


def test_a_window_is_looked_at_once_and_another_one_anew() -> None:
    """The last one is remembered, and no other."""
    glance = Glance(Watcher(), numpy)
    window = numpy.ones((3, 4))
    seen = [glance(one) for one in (window, window.copy(), window * 2, window[:, :3], window)]
    assert [1, 1, 2, 3, 4] == seen


@pytest.mark.parametrize(("moments", "expected"), [(0, 0), (1, 1), (2, 1), (50, 49)])
def test_the_language_is_found_out_without_the_last_moment(moments: int, expected: int) -> None:
    """Though not without the only one."""

    def find_out(audio: object, features: Any, **how: object) -> tuple[object, ...]:
        return audio, features.shape[-1], how

    found = shortened(find_out)(features=numpy.ones((3, moments)), segments=1)
    assert (None, expected, {"segments": 1}) == found
