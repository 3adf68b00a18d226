"""Long texts are cut so that nothing is lost, no limit is passed and no entity is broken."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.parts import Part, cut, sound, units, visible

PIECES = st.sampled_from(
    [
        "word ",
        "\n",
        "\n\n",
        "слово ",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "é",
        "  ",
        "x" * 30,
        "日本",
        "\u200b",
        "\t",
    ]
)
TEXTS = st.lists(PIECES, max_size=120).map("".join)


@st.composite
def wholes(draw: st.DrawFn) -> Part:
    """Texts with entities anywhere, whose edges lie between characters."""
    text = draw(TEXTS)
    entities: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 4)) if text else 0):
        first = draw(st.integers(0, len(text) - 1))
        last = draw(st.integers(first + 1, len(text)))
        kind = draw(st.sampled_from(["bold", "pre", "blockquote", "text_link"]))
        offset, length = units(text[:first]), units(text[first:last])
        entities.append({"type": kind, "offset": offset, "length": length})
    return Part(text, tuple(entities))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if visible(letter))


def _covered(part: Part, kind: str) -> str:
    """The visible letters under the entities of a kind, in order."""
    wire = part.text.encode("utf-16-le")
    under = bytearray(len(wire) // 2)
    for entity in part.entities:
        if entity["type"] == kind:
            end = entity["offset"] + entity["length"]
            under[entity["offset"] : end] = b"\1" * entity["length"]
    kept = b"".join(wire[2 * n : 2 * n + 2] for n, marked in enumerate(under) if marked)
    return _letters(kept.decode("utf-16-le"))


@given(wholes(), st.integers(8, 200))
def test_all_text_is_kept_in_order(whole: Part, aim: int) -> None:
    """What can be seen of the whole is what can be seen of the parts, one after the other."""
    parts = cut(whole, aim, aim)
    assert _letters(whole.text) == "".join(_letters(part.text) for part in parts)


@given(wholes(), st.integers(8, 200))
def test_no_part_is_too_long_or_empty(whole: Part, aim: int) -> None:
    """Each part keeps the limit and shows something."""
    for part in cut(whole, aim, aim):
        assert units(part.text) <= aim
        assert visible(part.text)
        assert part.text == part.text.rstrip()


@given(wholes(), st.integers(8, 200))
def test_entities_stay_on_their_letters(whole: Part, aim: int) -> None:
    """Entities lie inside their part, on whole characters, and cover the letters they covered."""
    parts = cut(whole, aim, aim)
    for kind in ("bold", "pre", "blockquote", "text_link"):
        assert _covered(whole, kind) == "".join(_covered(part, kind) for part in parts)
    for part in parts:
        for entity in part.entities:
            assert entity["offset"] >= 0
            assert entity["length"] > 0
            assert entity["offset"] + entity["length"] <= units(part.text)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_lone_surrogates_are_replaced_and_all_else_stays(text: str) -> None:
    """A sound text can be sent over any wire, and was not touched if it could be before."""
    made = sound(text)
    assert made == made.encode().decode()
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert text == made


def test_a_text_that_fits_is_left_whole() -> None:
    """Up to 4096 units nothing is cut, though longer texts are cut at 3900."""
    assert [4096] == [units(part.text) for part in cut(Part("a" * 4096))]
    assert [3900, 197] == [units(part.text) for part in cut(Part("a" * 4097))]


def test_a_text_is_cut_between_paragraphs() -> None:
    """The last blank line that fits is the place of the cut."""
    first, second = "one " * 12 + "end.", "two " * 12 + "end."
    parts = cut(Part(f"{first}\n\n{second}"), 80, 80)
    assert [first, second] == [part.text for part in parts]


def test_a_code_block_is_not_torn_where_it_fits_into_a_part() -> None:
    """The cut goes before a block of code rather than through its blank lines."""
    text, code = "word " * 9 + "end", "a = 1\n\nb = 2\n\nc = 3"
    entity = {"type": "pre", "offset": len(text) + 2, "length": len(code)}
    parts = cut(Part(f"{text}\n\n{code}", (entity,)), 64, 64)
    assert [text, code] == [part.text for part in parts]
    assert [{"type": "pre", "offset": 0, "length": len(code)}] == list(parts[1].entities)


def test_a_family_is_not_separated() -> None:
    """An emoji that is made of several characters goes to one part."""
    family = "👩‍👩‍👧‍👦"
    parts = cut(Part(family * 4), 2 * units(family) + 3, 2 * units(family) + 3)
    assert [family * 2, family * 2] == [part.text for part in parts]


def test_code_keeps_the_indentation_of_its_first_line() -> None:
    """Blank lines before a part go, spaces on its first line stay."""
    assert ["    x = 1"] == [part.text for part in cut(Part("\n\n    x = 1\n"))]
