"""Markdown is read as people read it aloud: the words, and names for what has none."""

import pytest

from services.speakable.pieces import Thing
from services.speakable.spoken import spoken
from tests.services.speakable.reading import MARKDOWN, texts

SPOKEN = [
    ("**Bold**, *thin*, ***both*** and ~~gone~~.", "Bold, thin, both and gone."),
    ("__Bold__ and _thin_, but snake_case.", "Bold and thin, but snake_case."),
    ("**Half a bold sentence.", "Half a bold sentence."),
    ("2 * 3 and 2*3, but **2** and 5 **10**.", "2 * 3 and 2*3, but 2 and 5 10."),
    ("Use `pip install x` and `my_name()`.", "Use pip install x and my name."),
    ('Use `print("a")`.', "Use CODE."),
    ("See [the *guide*](https://a.b/c_(d)).", "See the guide."),
    ("See ![a cat](https://a.b/c.png).", "See a cat."),
    ("See https://www.example.com/a?b=1#c.", "See example.com."),
    ("See <https://example.com/a>.", "See example.com."),
    ("Write to <mailto:a@example.com>.", "Write to a@example.com."),
    ("See http://[::1/.", "See LINK."),
    ("Known[^1] and sure.", "Known and sure."),
    ("So $x$ is $x^2 \\cdot 3$.", "So x is FORMULA."),
    ("So \\(x^2\\) is \\[y^2\\] and $$z^2$$.", "So FORMULA is FORMULA and FORMULA."),
    ("It costs $5 or $10.", "It costs $5 or $10."),
    ("Fine 👍🏽 really 👨‍👩‍👧!", "Fine really!"),
    ("🎉🎉", ""),
    ("a → b", "a b"),
    ("A<br>line with <b class='x'>tags</b> &amp; signs", "A line with tags & signs"),
    ("1 < 2 > 0", "1 < 2 > 0"),
    ("Not \\*thin\\*.", "Not thin."),
    ("## Heading ##", "Heading"),
    ("key " + "0123456789abcdef" * 8 + " end", "key end"),
    ("Well (", "Well"),
    ("— yes —", "yes"),
    ("***", ""),
    ("\x00\ud800a\u202eb\u200f", "ab"),
]


@pytest.mark.parametrize(("sentence", "expected"), SPOKEN)
def test_a_sentence_is_said_without_its_markdown(sentence: str, expected: str) -> None:
    """Signs are left out, things that cannot be read are named."""
    assert expected == spoken(sentence, lambda thing: thing.name)


BLOCKS = [
    ("a\n```python\nx = 1\n```\nb", ["a", "The code is in the text.", "b"]),
    ("a\n```\n```\n~~~\nx\n~~~\nb", ["a", "The code is in the text.", "b"]),
    ("````\n```\n````\nb", ["The code is in the text.", "b"]),
    ("- a\n  ```sh\n  x\n  ```\n- b", ["a", "The code is in the text.", "b"]),
    ("```never closed\nx", ["The code is in the text."]),
    ("```code in a line``` is text", ["code in a line is text"]),
    ("a\n| x | y |\n|---|---|\n| 1 | 2 |\nb", ["a", "The table is in the text.", "b"]),
    ("$$\nx\n$$\nb", ["The formula is in the text.", "b"]),
    ("\\[ x \\]\nb", ["The formula is in the text.", "b"]),
    ("$$ never closed\n\nb", ["The formula is in the text.", "b"]),
    ("<think>Hm.\n\nOh.</think>b", ["b"]),
    ("<!-- a\nb -->c", ["c"]),
    ("a\n\n---\n\nb\n===\nc", ["a", "b", "c"]),
    ("> > a\n> b", ["a b"]),
    ("a[^1]\n\n[^1]: Aside.\n[x]: https://a.b\nb", ["a", "b"]),
    ("- [ ] a\n- [x] b", ["a", "b"]),
    ("", []),
    ("\n\n  \n", []),
]


@pytest.mark.parametrize(("answer", "expected"), BLOCKS)
def test_blocks_are_read_left_out_or_named(answer: str, expected: list[str]) -> None:
    """Code, tables and formulas are named once, in a sentence of their own."""
    assert expected == texts(answer)


def test_each_thing_has_a_name() -> None:
    """Nothing is passed over where a voice would have to stop."""
    said = " ".join(texts(MARKDOWN))
    for name in ("code", "table", "formula"):
        assert f"The {name} is in the text." in said
    assert "a piece of code" in said


def test_no_markdown_is_left_to_be_said() -> None:
    """A voice would read the signs aloud."""
    assert not set("*`[]|_#<>\\") & set("".join(texts(MARKDOWN)))


def test_what_is_not_a_link_has_the_name_of_one() -> None:
    """An address that nobody could follow by ear."""
    assert Thing.LINK.name == spoken("http://192.168.0.1.5.6.7/", lambda thing: thing.name)
