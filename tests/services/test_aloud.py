"""Thoughts and answer become one text in which both can be told apart."""

import pytest

from services.aloud import Aloud


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ([("", "a"), ("", "b")], "ab"),
        ([("hm", ""), ("m", ""), ("", "a")], "<think>hmm</think>a"),
        ([("hm", "a")], "<think>hm</think>a"),
        ([("hm", "")], "<think>hm</think>"),
        ([("a", ""), ("", "b"), ("c", ""), ("", "d")], "<think>a</think>b<think>c</think>d"),
        ([], ""),
    ],
)
def test_thoughts_stand_between_marks(heard: list[tuple[str, str]], expected: str) -> None:
    """They are opened once, and closed before the answer or at the end."""
    aloud = Aloud()
    said = "".join(aloud.say(thought, words) for thought, words in heard)
    assert expected == said + aloud.finish()
