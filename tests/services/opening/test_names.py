"""What strangers call their files is shown and stored as a plain name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.opening.names import LONGEST, clean_name


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
