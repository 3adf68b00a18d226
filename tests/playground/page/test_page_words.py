"""Texts, entities and rich messages are drawn as they are meant, and can do no harm."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.playground.page.stage import Reader, Screen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MARKDOWN = """\
# Bread

A **bold** and *curious* ~~idea~~ with `code`, a [link](https://example.org/a_(b)) and ||a secret||.

1. Mix
   - flour
     - whole grain
   - water
2. Wait

- [x] oven
- [ ] butter

| Part | Share |
|:-----|------:|
| flour | 60 % |
| a \\| b | 40 % |

> The crust
> > sings

$$\\frac{a^2}{\\sqrt{b}} \\le \\sum_{i=1}^{n} x_i$$

Inline $e^{i\\pi} = -1$ and a price of $5.

```python
def bake() -> None:
    print("**not bold**")
```

---

<details><summary>More</summary>

Hidden *words*

</details>
"""


async def said(reader: Reader, method: str = "sendMessage", **fields: Any) -> Locator:
    """Let the bot say something; give the bubble."""
    message = await reader.bot.do(method, chat_id=1, **fields)
    bubble = reader.screen.page.locator(f'[data-message-id="{message["message_id"]}"] .bubble')
    await expect(bubble).to_be_visible()
    return bubble


async def test_entities_count_utf_16_units(reader: Reader) -> None:
    """Emoji of several units before and inside an entity move nothing."""
    text = "👨‍👩‍👧 bold 🔥 and it"
    units = len(text.encode("utf-16-le")) // 2
    entities = [
        {"type": "bold", "offset": 9, "length": 7},
        {"type": "italic", "offset": units - 2, "length": 2},
    ]
    bubble = await said(reader, text=text, entities=entities)
    await expect(bubble.locator("strong")).to_have_text("bold 🔥")
    await expect(bubble.locator("em")).to_have_text("it")


async def test_nested_entities_are_all_drawn(reader: Reader) -> None:
    """Each kind has its own sign."""
    html = (
        "<b>bold <i>both</i></b> <u>under</u> <s>gone</s> <code>x=1</code> "
        '<a href="https://example.org/">link</a> <tg-spoiler>secret</tg-spoiler>\n'
        '<pre><code class="language-python">a = 1</code></pre>\n<blockquote>said</blockquote>\nend'
    )
    bubble = await said(reader, text=html, parse_mode="HTML")
    for place, words in {
        "strong em": "both", "u": "under", "s": "gone", ".words > code": "x=1", "pre code": "a = 1",
        "blockquote": "said", ".language": "python",
    }.items():  # fmt: skip
        await expect(bubble.locator(place)).to_have_text(words)
    await expect(bubble.locator("a")).to_have_attribute("href", "https://example.org/")
    await expect(bubble.locator("a")).to_have_attribute("rel", "noopener noreferrer")


async def test_a_spoiler_shows_when_it_is_pressed(reader: Reader) -> None:
    """By keyboard too."""
    entities = [{"type": "spoiler", "offset": 0, "length": 6}]
    bubble = await said(reader, text="secret", entities=entities)
    veil = bubble.get_by_role("button")
    await veil.press("Enter")
    await expect(veil).to_have_count(0)
    await expect(bubble.locator(".spoiler.shown")).to_have_text("secret")


async def test_a_long_quote_folds_and_unfolds(reader: Reader) -> None:
    """It begins folded."""
    text = "\n".join(f"line {n}" for n in range(12))
    entities = [{"type": "expandable_blockquote", "offset": 0, "length": len(text)}]
    bubble = await said(reader, text=text, entities=entities)
    folded = await bubble.locator(".folding-text").evaluate("node => node.offsetHeight")
    await bubble.get_by_role("button", name="Show more").click()
    assert 2 * folded < await bubble.locator(".folding-text").evaluate("node => node.offsetHeight")
    await bubble.get_by_role("button", name="Show less").click()
    assert folded == await bubble.locator(".folding-text").evaluate("node => node.offsetHeight")


async def test_code_is_copied_as_it_is(reader: Reader) -> None:
    """The button puts the code, and nothing else, on the clipboard."""
    await reader.screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    entities = [{"type": "pre", "offset": 0, "length": 8, "language": "html"}]
    bubble = await said(reader, text="<b>1</b>", entities=entities)
    await bubble.get_by_role("button", name="Copy").click()
    await expect(bubble.locator(".copy")).to_contain_text("Copied")
    assert "<b>1</b>" == await reader.screen.run("navigator.clipboard.readText()")


async def test_markup_in_words_stays_words(reader: Reader) -> None:
    """What looks like HTML is shown letter by letter, and addresses that run are no links."""
    text = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script> here'
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://example.org"}]
    bubble = await said(reader, text=text, entities=entities)
    await expect(bubble).to_contain_text(text)
    await harmless(reader.screen, bubble)


@pytest.mark.parametrize("source", [
    {"html": "<p>ok<img src=x onerror=window.hurt=1><svg onload=window.hurt=1></svg></p>"
             "<script>window.hurt=1</script><iframe src=javascript:window.hurt=1></iframe>"
             "<a href='javascript:window.hurt=1' onclick=window.hurt=1>press</a>"
             "<p style='position:fixed' onmouseover=window.hurt=1 id=stop>styled</p>"},
    {"markdown": "ok <img src=x onerror=window.hurt=1> [press](javascript:window.hurt=1) "
                 "<script>window.hurt=1</script>\n\n<details open onclick=x><summary><b onclick="
                 "window.hurt=1>s</b></summary>ok</details> ![x](javascript:window.hurt=1)"},
    {"blocks": [{"type": "paragraph", "text": [
        "ok", {"type": "url", "url": "javascript:window.hurt=1", "text": "press"},
        "<img src=x onerror=window.hurt=1>"]}]},
], ids=["html", "markdown", "blocks"])  # fmt: skip
async def test_rich_messages_can_do_no_harm(reader: Reader, source: dict[str, Any]) -> None:
    """Only known tags become nodes, without anything that they carried."""
    bubble = await said(reader, "sendRichMessage", rich_message=source)
    await expect(bubble).to_contain_text("ok")
    await harmless(reader.screen, bubble)


async def harmless(screen: Screen, bubble: Locator) -> None:
    """Nothing ran, and nothing is there that could."""
    assert await screen.run("window.hurt === undefined")
    for kind in (
        "img",
        "script",
        "iframe",
        "[onclick]",
        "[onmouseover]",
        "[style*=fixed]",
        "#stop",
    ):
        await expect(bubble.locator(kind)).to_have_count(0)
    await expect(bubble.locator("a[href^=javascript]")).to_have_count(0)


async def test_markdown_is_laid_out(reader: Reader) -> None:
    """Headings, lists in lists, tables, formulas, quotes, code, details."""
    rich = await said(reader, "sendRichMessage", rich_message={"markdown": MARKDOWN})
    for place, words in {
        "h2": "Bread", "p > strong": "bold", "p > em >> nth=0": "curious", "s": "idea",
        "p > code": "code",
        "ol > li > div > ul > li > div > ul > li": "whole grain", "th >> nth=1": "Share",
        "td >> nth=2": "a | b", "blockquote blockquote": "sings", "summary": "More",
        ".code .language": "python", ".code pre": 'def bake() -> None:\n    print("**not bold**")',
    }.items():  # fmt: skip
        await expect(rich.locator(place)).to_have_text(words)
    await expect(rich.locator("a")).to_have_attribute("href", "https://example.org/a_(b)")
    await expect(rich.locator("math")).to_have_count(2)
    await expect(rich.locator("mfrac msqrt")).to_have_count(1)
    await expect(rich.locator("input:checked")).to_have_count(1)
    await expect(rich.locator("hr")).to_have_count(1)
    await expect(rich).to_contain_text("a price of $5.")
    await rich.locator("summary").click()
    await expect(rich.get_by_text("Hidden words")).to_be_visible()


async def test_html_and_blocks_are_laid_out_alike(reader: Reader) -> None:
    """The same content gives the same nodes, whichever way it was said."""
    html = (
        "<h1>Title</h1><p>One <b>two</b></p><ul><li>a<ol><li>b</li></ol></li></ul>"
        "<table><tr><th>x</th></tr><tr><td align=right>1</td></tr></table><hr>"
        "<tg-math-block>x^2</tg-math-block><details open><summary>s</summary><p>d</p></details>"
    )
    inner = {"type": "list", "items": [{"label": "1.", "value": 1, "blocks": [para("b")]}]}
    cells = [[{"text": "x", "is_header": True, "align": "left", "valign": "top"}],
             [{"text": "1", "align": "right", "valign": "top"}]]  # fmt: skip
    blocks = [
        {"type": "heading", "size": 1, "text": "Title"},
        para(["One ", {"type": "bold", "text": "two"}]),
        {"type": "list", "items": [{"label": "•", "blocks": [para("a"), inner]}]},
        {"type": "table", "cells": cells},
        {"type": "divider"},
        {"type": "mathematical_expression", "expression": "x^2"},
        {"type": "details", "is_open": True, "summary": "s", "blocks": [para("d")]},
    ]
    script = """async ([html, blocks]) => {
      const { drawRich } = await import("/page/rich.js");
      return [drawRich({ html }).innerHTML, drawRich({ blocks }).innerHTML];
    }"""
    from_html, from_blocks = await reader.screen.run(script, [html, blocks])
    assert from_blocks == from_html
    bubble = await said(reader, "sendRichMessage", rich_message={"blocks": blocks})
    await expect(bubble.locator("td")).to_have_text("1")


def para(text: Any) -> dict[str, Any]:
    """Make a paragraph of rich text."""
    return {"type": "paragraph", "text": text}


async def test_markdown_that_is_still_being_written_can_always_be_drawn(reader: Reader) -> None:
    """Every beginning of a text is laid out, and no word of it is lost."""
    script = """async ([whole, names]) => {
      const { drawRich } = await import("/page/rich.js");
      const lost = [];
      for (let n = 1; n <= whole.length; n += 1) {
        const begun = whole.slice(0, n);
        const shown = drawRich({ markdown: begun }).textContent;
        const due = names.filter((name) => begun.includes(name) && !begun.endsWith(name));
        lost.push(...due.filter((name) => !shown.includes(name)).map((name) => `${n}: ${name}`));
      }
      return lost;
    }"""
    names = [
        "Bread",
        "bold",
        "curious",
        "secret",
        "flour",
        "Wait",
        "butter",
        "crust",
        "price",
        "bake",
        "More",
        "Hidden",
    ]
    assert [] == await reader.screen.run(script, [MARKDOWN, names])


async def test_names_that_objects_inherit_are_no_markup(reader: Reader) -> None:
    """Types and tags such as `constructor` are unknown, not found by accident."""
    script = """async () => {
      const { drawRich } = await import("/page/rich.js");
      const { drawText } = await import("/page/entities.js");
      const odd = ["constructor", "__proto__", "toString", "hasOwnProperty"];
      const inText = (type) => {
        const box = document.createElement("p");
        box.append(drawText("word", [{ type, offset: 0, length: 4 }]));
        return box.textContent;
      };
      const inRich = (type) => {
        const inner = { type: "paragraph", text: { type, text: "word" } };
        return drawRich({ blocks: [{ type, text: "x" }, inner] }).textContent;
      };
      const inTex = (name) => drawRich({ markdown: `$\\\\${name} x$` }).textContent;
      const tex = odd.filter((name) => inTex(name).includes("native code"));
      return [odd.map(inText), odd.map(inRich), tex];
    }"""
    words = ["word"] * 4
    assert [words, words, []] == await reader.screen.run(script)
