"""Marked text is parsed as the server parses it: every result fits, every refusal is orderly."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.markup.html import parse_html
from playground.markup.markdown import parse_markdown
from playground.markup.markdown_v2 import parse_markdown_v2
from playground.markup.output import MarkupError
from playground.text import piece, units

Record = dict[str, Any]
PARSERS = {"HTML": parse_html, "Markdown": parse_markdown, "MarkdownV2": parse_markdown_v2}
NESTING = {
    "bold": ("*", "*", "b"),
    "italic": ("_\r", "_\r", "i"),
    "underline": ("__", "__", "u"),
    "strikethrough": ("~", "~", "s"),
    "spoiler": ("||", "||", "tg-spoiler"),
}

_marks = st.sampled_from([*"_*[]()~`>#+-=|{}.!\\<>&;/\"'= \n\r", "```", "||", "**>", "<b>"])
_tags = st.sampled_from(
    ["</b>", "<a href='x.org'>", "</a>", "<pre>", "<code class=", "&#1;", "&lt;"]
)
_words = st.text(alphabet="ab я😀‍", max_size=4)
soup = st.lists(st.one_of(_marks, _tags, _words), max_size=25).map("".join)


@given(text=st.one_of(soup, st.text(max_size=60)), mode=st.sampled_from(sorted(PARSERS)))
def test_any_text_is_parsed_or_refused(text: str, mode: str) -> None:
    """No text makes a parser fail in another way, and no entity lies outside of its text."""
    try:
        plain, entities = PARSERS[mode](text)
    except MarkupError:
        return
    for entity in entities:
        assert 0 < entity["length"]
        assert 0 <= entity["offset"] <= units(plain) - entity["length"]


plain_words = st.text(alphabet="abя 😀🏳️‍🌈.!-_*`<>&", min_size=1, max_size=8)
trees = st.recursive(
    plain_words,
    lambda inner: st.tuples(
        st.sampled_from(sorted(NESTING)), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def _escaped_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _html(tree: Any) -> str:
    if isinstance(tree, str):
        return _escaped_html(tree)
    kind, parts = tree
    tag = NESTING[kind][2]
    return f"<{tag}>{''.join(map(_html, parts))}</{tag}>"


def _expected(tree: Any, offset: int = 0) -> tuple[str, list[Record]]:
    if isinstance(tree, str):
        return tree, []
    kind, parts = tree
    text, entities = "", []
    for part in parts:
        inner, marks = _expected(part, offset + units(text))
        text += inner
        entities += marks
    return text, [{"type": kind, "offset": offset, "length": units(text)}, *entities]


@given(tree=trees)
def test_html_gives_back_what_was_marked(tree: Any) -> None:
    """Nested tags around escaped text become exactly this text and these entities."""
    text, entities = _expected(tree)
    plain, found = parse_html(_html(tree))
    key = _key
    assert (text, sorted(entities, key=key)) == (plain, sorted(found, key=key))


def _key(entity: Record) -> tuple[int, int, str]:
    return entity["offset"], -entity["length"], entity["type"]


@given(
    words=st.lists(
        st.tuples(
            st.sampled_from(["", "bold", "underline", "strikethrough", "spoiler"]), plain_words
        ),
        max_size=6,
    )
)
def test_markdown_v2_gives_back_what_was_marked(words: list[tuple[str, str]]) -> None:
    """Marks around escaped words become exactly these words and these entities."""
    written, text, entities = "", "", []
    for kind, word in words:
        mark = NESTING[kind][0] if kind else ""
        escaped = "".join(f"\\{char}" if char < "\x7f" else char for char in word)
        written += f"{mark}{escaped}{mark} "
        if kind:
            entities.append({"type": kind, "offset": units(text), "length": units(word)})
        text += f"{word} "
    assert (text, entities) == parse_markdown_v2(written)


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("_a_", "a", [("italic", 0, 1)]),
        ("__a__", "a", [("underline", 0, 1)]),
        ("*a _b_*", "a b", [("bold", 0, 3), ("italic", 2, 1)]),
        (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
        (">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)]),
        (">a\n**>b", "a\nb", [("blockquote", 0, 2), ("blockquote", 2, 1)]),
        ("`a*b`", "a*b", [("code", 0, 3)]),
        ("```py\nx = 1\n```", "x = 1\n", [("pre", 0, 6)]),
        ("😀*b*", "😀b", [("bold", 2, 1)]),
        ("[a](example.org)", "a", [("text_link", 0, 1)]),
        ("[a](nowhere)", "a", []),
        ("![😀](tg://emoji?id=5)", "😀", [("custom_emoji", 0, 2)]),
    ],
)
def test_markdown_v2_knows_all_marks(
    text: str, plain: str, entities: list[tuple[str, int, int]]
) -> None:
    """Each mark has its entity at its place."""
    found_text, found = parse_markdown_v2(text)
    assert plain == found_text
    assert entities == [(e["type"], e["offset"], e["length"]) for e in found]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("я`a", "Can't find end of Code entity at byte offset 2"),
        ("```", "Can't find end of Pre entity at byte offset 0"),
        ("```py\n", "Can't find end of PreCode entity at byte offset 0"),
        ("a||b", "Can't find end of Spoiler entity at byte offset 1"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
        ("!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
        ("a>", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("![a]", "Custom emoji entity must contain a tg://emoji URL"),
    ],
)
def test_markdown_v2_says_where_it_breaks(text: str, words: str) -> None:
    """A refusal names the entity and the byte."""
    with pytest.raises(MarkupError) as refusal:
        parse_markdown_v2(text)
    assert words == str(refusal.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("я<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>", "Unexpected end of name token at byte offset 8"),
        ("<span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ],
)
def test_html_says_where_it_breaks(text: str, words: str) -> None:
    """A refusal names the tag and the byte."""
    with pytest.raises(MarkupError) as refusal:
        parse_html(text)
    assert words == str(refusal.value)


def test_code_with_a_language_inside_a_block_is_one_entity() -> None:
    """The two tags of a block of code become one entity that knows its language."""
    marked = '<pre><code class="language-python">x</code></pre>'
    assert [{"type": "pre", "offset": 0, "length": 1, "language": "python"}] == parse_html(marked)[
        1
    ]


@pytest.mark.parametrize(
    ("text", "plain", "kinds"),
    [
        ("```py\nx\n```", "x\n", [("pre", 0, 2)]),
        ("```x```", "x", [("pre", 0, 1)]),
        ("`x`", "x", [("code", 0, 1)]),
        ("[a]", "a", []),
        ("[example.org]", "example.org", [("text_link", 0, 11)]),
        ("**", "", []),
    ],
)
def test_old_markdown_knows_its_marks(
    text: str, plain: str, kinds: list[tuple[str, int, int]]
) -> None:
    """Each of the old marks has its entity, and nothing has none."""
    found_text, found = parse_markdown(text)
    assert plain == found_text
    assert kinds == [(e["type"], e["offset"], e["length"]) for e in found]


@pytest.mark.parametrize("text", ["```x", "`x", "*x", "_x", "[x"])
def test_old_markdown_says_where_it_breaks(text: str) -> None:
    """A mark without its end is refused with its place."""
    with pytest.raises(MarkupError) as refusal:
        parse_markdown(f"я{text}")
    assert "Can't find end of the entity starting at byte offset 2" == str(refusal.value)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#128512;&#x1F600;", "😀😀"),
        ("&nbsp;&#0;&#xD800;&", "&nbsp;&#0;&#xD800;&"),
    ],
)
def test_html_knows_four_names_and_all_numbers(text: str, plain: str) -> None:
    """Other names and impossible numbers stand for themselves."""
    assert (plain, []) == parse_html(text)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ("<blockquote>x</blockquote>", {"type": "blockquote"}),
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ('<tg-emoji emoji-id="5">x</tg-emoji>', {"type": "custom_emoji", "custom_emoji_id": "5"}),
        ('<tg-time unix="7">x</tg-time>', {"type": "date_time", "unix_time": 7}),
        ("<a href='HTTP://a.org'>x</a>", {"type": "text_link", "url": "http://a.org/"}),
        ("<a href=mailto.org>x</a>", {"type": "text_link", "url": "http://mailto.org/"}),
        ("<a href='tg://resolve?domain=x'>x</a>", {"url": "tg://resolve?domain=x"}),
        ("<code class='language-py'>x</code>", {"type": "code"}),
    ],
)
def test_html_knows_all_tags(text: str, entity: Record) -> None:
    """Each tag has its entity with its details."""
    plain, (found,) = parse_html(text)
    assert "x" == plain
    assert entity.items() <= found.items()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://x", "Custom emoji URL must have scheme tg"),
        ("tg://user?id=1", 'Custom emoji URL must have host "emoji"'),
        ("tg://emoji", "Custom emoji URL must have an emoji identifier"),
        ("tg://emoji?id=01", "Invalid custom emoji identifier specified"),
    ],
)
def test_custom_emoji_need_a_number(address: str, words: str) -> None:
    """An address of another form is refused in the server's words."""
    with pytest.raises(MarkupError) as refusal:
        parse_markdown_v2(f"![😀]({address})")
    assert words == str(refusal.value)


def test_old_markdown_does_not_nest() -> None:
    """Inside of a mark every other character stands for itself."""
    text, entities = parse_markdown("*a_b* [c](example.org) \\*")
    assert "a_b c *" == text
    assert ["bold", "text_link"] == [entity["type"] for entity in entities]
    assert "a_b" == piece(text, entities[0]["offset"], entities[0]["length"])
