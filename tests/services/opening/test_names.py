"""What strangers call their files is shown and stored as a plain name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.opening.names import LONGEST, clean_name, page_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("Отчёт за май.docx", "Отчёт за май.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\evil.txt", "evil.txt"),
        ("/", "document"),
        ("..", "document"),
        (".htaccess", "htaccess"),
        ("", "document"),
        ("a\x00b\x1b[31m\r\n.pdf", "ab[31m.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("  two   words .pdf ", "two words .pdf"),
        ("и\u0306.txt", "й.txt"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_a_name_is_the_last_part_of_a_path_without_what_is_not_seen(
    name: str, expected: str
) -> None:
    """No name leads anywhere, hides anything or turns itself around."""
    assert expected == clean_name(name)


@given(st.text(max_size=300))
def test_any_text_becomes_a_name(name: str) -> None:
    """Cleaning it again changes nothing."""
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST
    assert not set("/\\\x00\n") & set(clean)
    assert not clean.startswith(".")
    assert not {unicodedata.category(one) for one in clean} & {"Cc", "Cf", "Cs"}
    assert clean == clean_name(clean)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.com", "example.com"),
        ("https://user:secret@Example.com:443/a/b.html?token=1#top", "example.com/a/b.html"),
        ("https://example.com/%D0%BF%D1%87%D1%91%D0%BB%D1%8B/", "example.com/пчёлы"),
        ("https://example.com/a%0Ab%E2%80%AEc", "example.com/abc"),
        ("http://[", "page"),
        (f"https://example.com/{'a' * 200}", f"example.com/{'a' * 88}"),
    ],
)
def test_a_page_is_called_by_its_address(address: str, expected: str) -> None:
    """Without what may be secret, and what cannot be seen."""
    assert expected == page_name(address)
