"""What a text layer says is weighed by its letters, and nothing else is known of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.opening.layer import believable, tidy

ENGLISH = "The lease begins on the first of June and ends after two years of quiet use. "
RUSSIAN = "Договор аренды начинается первого июня и длится два года, если не продлён. "
UKRAINIAN = "Договір оренди починається першого червня і триває два роки, якщо не продовжено. "
GERMAN = "Der Mietvertrag beginnt am ersten Juni und läuft über zwei Jahre für beide Parteien. "
VIETNAMESE = "Hợp đồng thuê nhà bắt đầu từ ngày một tháng sáu và kết thúc sau hai năm. "
POLISH = "Umowa najmu rozpoczyna się pierwszego czerwca i kończy się po dwóch latach. "


@pytest.mark.parametrize(
    "text",
    [
        *(ENGLISH, RUSSIAN, UKRAINIAN, GERMAN, VIETNAMESE, POLISH),
        "租约从六月一日开始，两年后结束。",
        "יחסי השכירות מתחילים באחד ביוני.",
        "1 024,50 = 3.14 / 7 %  ",
        "def f(x): return [y for y in x if y > 0]\n",
        "BCDFG",
        "",
    ],
)
def test_what_people_write_is_believed(text: str) -> None:
    """In any language, and where there are only figures."""
    assert believable(text * 5)


@pytest.mark.parametrize(
    "text",
    [
        RUSSIAN.encode("cp1251").decode("latin-1"),
        RUSSIAN.encode("koi8-r").decode("latin-1"),
        "".join(chr(ord(one) - 29) if one.isalpha() else one for one in ENGLISH),
        "".join(chr(0xE000 + ord(one)) for one in ENGLISH),
        "\ufffd" * 50 + ENGLISH,
        "\x01\x02\x03\x04" * 10,
    ],
)
def test_what_a_font_without_a_table_says_is_not(text: str) -> None:
    """Letters of another alphabet, letters that were shifted, and no letters at all."""
    assert not believable(text * 5)


@given(st.text(max_size=300))
def test_any_text_is_made_tidy(text: str) -> None:
    """No database and no line is upset by what is left, and tidying again changes nothing."""
    tidied = tidy(text)
    assert not {"\x00", "\r", "\x02", "\ufffe"} & set(tidied)
    assert tidied == tidy(tidied)
    assert believable(text) in {True, False}


def test_a_word_broken_at_the_end_of_a_line_is_whole_again() -> None:
    """Such hyphens are marked by pdfium."""
    assert "agreement\nends" == tidy("agree\x02\r\nment\r\nends\r\n")
