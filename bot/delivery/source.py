"""Markdown before it is rendered: made safe to convert, looked at, and shortened to its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from bot.delivery.parts import AIM, units

RICH_LIMIT = 32_000  # Telegram takes 32768 characters; the rest is for what it counts differently
_RICH_LINES = 400  # of the 500 blocks that a rich message may have

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?P<marks>`{3,}|~{3,})")
_CODE = re.compile(
    rf"^{_FENCE.pattern}.*?(?:^[ \t>]*(?P=marks)|\Z)"
    r"|(?<!`)(?P<tick>`{1,2})(?!`)(?:[^\n]|\n(?![ \t]*\n))+?(?<!`)(?P=tick)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]*>|<[\w.+-]+@[\w-]+(?:\.[\w-]+)+>")
_FORMULA = re.compile(
    r"\\\((?P<inline>(?:[^\n\\]|\\[^()\[\]\n])+)\\\)|\\\[(?P<block>(?:[^\\]|\\[^()\[\]])+)\\\]"
)
_MATHS = re.compile(r"[\\^_=+<>|]|\d\s*[*/-]\s*\d")
_RICH = re.compile(
    r"^[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+(?:\|[ \t]*)?$"  # a table's
    r"|\$\$.+?\$\$|\\begin\{"
    r"|\$(?=\S)[^$\n\\^_]*[\\^_][^$\n]*(?<=\S)\$(?!\d)"
    r"|^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S[^\n]*\n(?:[ ]{2}|\t)[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S",
    re.DOTALL | re.MULTILINE,
)
# None of these patterns can match a run of characters in two ways: strangers write the texts, and
# a pattern that tries all ways would hold up everybody for seconds.


def prepared(markdown: str) -> str:
    r"""Keep raw tags visible, and make \( \) and \[ \] known as formulas, outside of code."""
    if "<" not in markdown and "\\" not in markdown:
        return markdown
    return _outside(_CODE, markdown, partial(_outside, _AUTOLINK, change=_plainer))


def needs_rich(markdown: str) -> bool:
    """Tell whether tables, formulas or nested lists would suffer as text with entities."""
    if len(markdown) > RICH_LIMIT or markdown.count("\n") > _RICH_LINES:
        return False
    return bool(_RICH.search(_CODE.sub("", prepared(markdown))))


def tail(markdown: str) -> str:
    """Shorten a text to its end, from a block on; the cut stays until it has to move."""
    if units(markdown) <= AIM:
        return markdown
    start = block = at = 0
    fence = reopened = ""
    for line in markdown.splitlines(keepends=True):
        if at + len(line) - start > AIM and at > start:
            start, reopened = (block, "") if block > start else (at, fence)
        at += len(line)
        fence = _fence_after(fence, line)
        if not fence and not line.strip():
            block = at
    while len(markdown) - start > 2 * AIM:  # one line without an end
        start += AIM
    return reopened + markdown[start:]


def _fence_after(fence: str, line: str) -> str:
    """The line that opened the code block which the next line is in, or nothing."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return line
    opened = _FENCE.match(fence)
    return "" if opened and found["marks"].startswith(opened["marks"]) else fence


def _outside(pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Change a text everywhere but where the pattern matches."""
    done, start = [], 0
    for kept in pattern.finditer(text):
        done += [change(text[start : kept.start()]), kept.group()]
        start = kept.end()
    return "".join([*done, change(text[start:])])


def _plainer(prose: str) -> str:
    return _FORMULA.sub(_dollars, _TAG.sub(r"\\<", prose))


def _dollars(found: re.Match[str]) -> str:
    inline, block = found["inline"], found["block"]
    if not _MATHS.search(inline or block):
        return found.group()  # escaped brackets around words are no formula
    return f"${inline.strip()}$" if inline else f"$${block}$$"
