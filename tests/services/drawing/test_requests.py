"""Plain requests for pictures and films."""

import pytest

from services.drawing.requests import requested


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Draw me a red fox", ("draw", "a red fox")),
        ("please draw a house", ("draw", "a house")),
        ("нарисуй мне лису", ("draw", "лису")),
        ("Пожалуйста, нарисуйте дом", ("draw", "дом")),
        ("намалюй мені лисицю", ("draw", "лисицю")),
        ("make me a video of waves", ("film", "waves")),
        ("сними видео про море", ("film", "море")),
        ("зроби відео про море", ("film", "море")),
    ],
)
def test_a_request_is_understood(text: str, expected: tuple[str, str]) -> None:
    """In each language, with or without politeness."""
    assert expected == requested(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "draw",
        "draw a conclusion from this",
        "How do I draw a cat?",
        "I drew a cat",
        "drawing me a cat",
        "make a video",
        "рисовать мне лису",
        "что такое нарисуй",
    ],
)
def test_all_else_is_a_question(text: str) -> None:
    """Who asks about drawing wants no picture."""
    assert requested(text) is None
