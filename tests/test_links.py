"""Links are found in what people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.links import FEW, LONGEST, is_link, link, only_link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com", "https://example.com"),
        ("Look: http://example.com/a?b=c#d.", "http://example.com/a?b=c#d"),
        ("(see https://example.com/a)", "https://example.com/a"),
        ("https://example.com/Bee_(insect), or", "https://example.com/Bee_(insect)"),
        ("«https://example.com/пчёлы»", "https://example.com/пчёлы"),
        ("HTTPS://EXAMPLE.COM/ and https://other.example", "HTTPS://EXAMPLE.COM/"),
        ("https://example.com/a?!…", "https://example.com/a"),
        ("ftp://example.com", ""),
        ("example.com", ""),
        ("https://", ""),
        ("", ""),
        (f"https://example.com/{'a' * LONGEST}", ""),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(text: str, expected: str) -> None:
    """The first one counts; one without an end is none."""
    assert expected == link(text)


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    """What is found stands in the text."""
    assert link(f"http://{text}") in f"http://{text}"


def test_a_text_that_mentions_a_link_is_not_about_it() -> None:
    """A few words beside it are."""
    page = "https://example.com/"
    assert page == only_link(f"Read this: {page} !")
    assert "" == only_link(f"{page} {'a' * (FEW + 1)}")
    assert "" == only_link("Read this.")


@pytest.mark.parametrize(
    ("ref", "expected"),
    [("https://example.com", True), ("HTTP://a", True), ("BQACAgIAAxkBAAI", False), ("", False)],
)
def test_names_at_telegram_are_no_links(ref: str, expected: bool) -> None:
    """They have no colon."""
    assert expected == is_link(ref)
