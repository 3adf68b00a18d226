"""Markdown becomes text with entities: all of it, and every beginning of it."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.markdown import folded, last_part, parts, plain_parts
from bot.delivery.parts import LIMIT, Part, units, visible
from bot.delivery.source import needs_rich, tail

SAMPLE = r"""# Заголовок <b>и тег</b>

Some **bold**, *thin*, `code <x>`, List<String>, \(x^2\), a < b, [link](https://e.com/a_(b)).

- one
  - two 👩‍👩‍👧‍👦
1. three

```python
if a < b:
    print("<html>", '``')
```

| a | b |
|---|---|
| 1 | 2 |

$$e^{-x^2}$$ and \[ \frac{1}{2} \] and unbalanced ** * _ ` ``

> quoted
"""

MARKS = r"** * _ ` ``` ~~~ > - 1. # | --- $ $$ \( \) \[ \] <b> <!-- || [ ]( ) ![ \ ~~ \frac{1}{2}"
SPACES = ("\n", "\n\n", "> ", "- ", "  ", "\t", "\r\n")
WORDS = ("word ", "слово ", "👍🏽", "&amp;", "http://e.com", "\x00", "\ud800")
BITS = st.sampled_from([*re.split(" ", MARKS), *SPACES, *WORDS])
MARKDOWN = st.lists(BITS, max_size=60).map("".join)


def _is_valid(part: Part) -> bool:
    wire = part.text.encode("utf-16-le")
    inside = all(
        0 <= entity["offset"] < entity["offset"] + entity["length"] <= len(wire) // 2
        for entity in part.entities
    )
    whole = all(
        wire[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in part.entities
    )
    return inside and whole and units(part.text) <= LIMIT and visible(part.text)


@pytest.mark.parametrize("end", range(1, len(SAMPLE) + 1, 3))
def test_every_beginning_of_an_answer_renders(end: int) -> None:
    """Whatever has been written so far can be shown, as an answer and as a draft."""
    assert all(_is_valid(part) for part in parts(SAMPLE[:end]))
    assert _is_valid(last_part(SAMPLE[:end]))


@given(MARKDOWN)
def test_anything_renders_to_something_valid(markdown: str) -> None:
    """No mixture of marks makes an invalid message, or nothing where something can be seen."""
    found = parts(markdown)
    assert all(_is_valid(part) for part in found)
    assert bool(found) == visible(markdown.replace("\ud800", "?"))


@given(MARKDOWN, st.integers(1, 30))
def test_the_end_of_a_long_text_is_its_end(markdown: str, times: int) -> None:
    """A draft of a long text is one valid message, made of the end of the text."""
    long = (markdown + " word\n") * times * 8
    assert long.endswith(tail(long)[-20:])
    assert _is_valid(last_part(long))


def test_formatting_becomes_entities() -> None:
    """Bold, code and links are entities over the bare text."""
    (part,) = parts("**bold** `code` [link](https://e.com)")
    assert "bold code link" == part.text
    assert ["bold", "code", "text_link"] == [entity["type"] for entity in part.entities]


def test_headings_are_bold_without_pictures() -> None:
    """A heading is bold text: no symbol before it, no line under it."""
    (part,) = parts("# Title")
    assert ("Title", ["bold"]) == (part.text, [entity["type"] for entity in part.entities])


@pytest.mark.parametrize(
    "text", ["List<String>", "a <b>c</b> d", "<div>\nx\n</div>", "<!-- note -->", "x <y z"]
)
def test_raw_tags_stay_visible(text: str) -> None:
    """What looks like HTML is text that somebody wanted to show."""
    assert text == "\n".join(part.text for part in parts(text))


@pytest.mark.parametrize(
    "text",
    ["```\na <b> c\n```", "`a <b> c`", "``a <b> c``", "~~~\na <b> c\n~~~", "- ```\n  a <b> c"],
)
def test_code_is_shown_as_written(text: str) -> None:
    """Nothing is escaped inside of code, closed or not."""
    assert "a <b> c" == parts(text)[0].text.removeprefix("• ").strip()


def test_escaped_brackets_are_no_formula() -> None:
    r"""Only what holds mathematics between \( and \) is taken for a formula."""
    assert "[note] and (aside)" == parts(r"\[note\] and \(aside\)")[0].text


def test_formulas_are_shown_as_code() -> None:
    """A formula in backslashed brackets is rendered like one between dollars."""
    (part,) = parts(r"so \(x_1 = y\) holds")
    assert ["code"] == [entity["type"] for entity in part.entities]


def test_a_block_of_nothing_falls_back_to_its_source() -> None:
    """If rendering leaves nothing to see, the source is shown."""
    assert ["```\n```"] == [part.text for part in parts("```\n```")]


def test_plain_texts_stay_as_they_are() -> None:
    """Without Markdown nothing is interpreted."""
    assert [Part("**a** <b> `c`")] == plain_parts("**a** <b> `c`")


def test_thoughts_fold_and_are_bounded() -> None:
    """Thoughts are one quotation that opens on a tap, however long they were."""
    part = folded("мысль 👍 " * 4000)
    assert units(part.text) <= 3000
    assert part.text.endswith("…")
    assert [("expandable_blockquote", 0, units(part.text))] == [
        (entity["type"], entity["offset"], entity["length"]) for entity in part.entities
    ]


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |", True),
        ("a | b\n--|--\n1 | 2", True),
        ("- a\n  - b", True),
        ("1. a\n   - b", True),
        ("$$e = mc^2$$", True),
        (r"so \(x_1 = y\)", True),
        ("so $x_1$ is", True),
        ("- a\n- b", False),
        ("it costs $5 or $10_000", False),
        ("```\n| a | b |\n|---|---|\n```", False),
        ("a\n\n---\n\nb", False),
        (r"\[note\]", False),
        ("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 900, False),
        ("| a | b |\n|---|---|\n" + "x" * 33_000, False),
    ],
)
def test_rich_messages_are_for_what_needs_them(text: str, rich: bool) -> None:
    """Tables, formulas and nested lists need a rich message, as far as one may be long."""
    assert rich == needs_rich(text)


def test_the_end_of_a_long_code_block_is_still_code() -> None:
    """A cut inside a fence opens the fence again."""
    long = "Look:\n\n```python\n" + "value = 1\n" * 900
    (entity,) = last_part(long).entities
    assert ("pre", "python") == (entity["type"], entity["language"])


def test_the_cut_stays_while_the_text_grows() -> None:
    """A growing text does not shift under the reader's eyes with every frame."""
    blocks = "\n\n".join(f"Paragraph {n} " + "word " * 30 for n in range(60))
    starts = {tail(blocks[:end])[:20] for end in range(5000, 6000, 50)}
    assert len(starts) <= 2


@pytest.mark.parametrize(
    "text",
    [
        "<a>\\(" * 8000,
        "<a>\\[" * 8000,
        " " * 20_000 + "x<a",
        "--|--" + " " * 20_000 + "x",
        "- a\n" + " " * 20_000 + "x",
        ("\t" * 200 + "\n") * 100,
        "$" + "_a" * 10_000,
        "`a" + "``b" * 10_000,
        "```\n<a>" * 5000,
        "> " * 5000,
        "\\begin{" * 4000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_no_text_takes_long(text: str) -> None:
    """A text made to be slow holds up nobody: tens of milliseconds, where it could be minutes."""
    began = time.perf_counter()
    needs_rich(text)
    last_part(text)
    assert all(_is_valid(part) for part in parts(text))
    assert time.perf_counter() - began < 3.0


def test_a_matrix_is_one_formula() -> None:
    """The line breaks inside of it are no brackets."""
    assert needs_rich(r"\[ \begin{matrix} a \\[2pt] b_1 \end{matrix} \]")
    (part,) = parts(r"so \[ a_1 \\[2pt] b \] holds")
    assert ["pre"] == [entity["type"] for entity in part.entities]
