"""A text is given to the kind of model that it needs."""

import pytest

from domain.routes import Category
from services.categories import Rules

RULES = Rules(fast_below=20, complex_above=100, complex_words=("explain", "докаж"))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Hi!", Category.FAST),
        ("Hi!\nThere are two lines", Category.DEFAULT),
        ("What is the capital of France?", Category.DEFAULT),
        ("Explain it", Category.COMPLEX),
        ("Докажите теорему", Category.COMPLEX),
        ("unexplained", Category.FAST),
        ("```\nx = 1\n```", Category.COMPLEX),
        ("long " * 30, Category.COMPLEX),
    ],
)
def test_the_rule_looks_at_length_code_and_words(text: str, category: Category) -> None:
    """Each kind of text goes where it belongs."""
    assert category == RULES.category(text)


def test_without_words_nothing_asks_for_care() -> None:
    """An empty list of words switches that part of the rule off."""
    assert Rules(complex_words=()).category("Explain the world") == Category.FAST
