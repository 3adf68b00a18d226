"""Markdown as models write it becomes text with entities, so that nothing can fail to parse.

The whole buffer is rendered for every frame: a half-open fence shows as code, a half-open `**`
stays as it is, and raw tags stay visible instead of vanishing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from bot.delivery.parts import Part, below, cut, shortened, sound, units
from bot.delivery.source import prepared, tail

QUOTED_AT_MOST = 3000
"""UTF-16 units of a quotation; the answer below it is what people want to read."""

FOLDED_FROM = 300
"""The same from which what somebody said is folded."""


def parts(markdown: str) -> list[Part]:
    """Render Markdown into the messages that show it; empty only if nothing can be seen."""
    return cut(render(markdown)) or plain_parts(markdown)


def plain_parts(text: str) -> list[Part]:
    """Cut a text into messages that show it as it stands."""
    return cut(Part(sound(text)))


def last_part(markdown: str) -> Part:
    """Render what a draft can show: all of it, or its end after an ellipsis."""
    end = tail(markdown)
    found = parts(end)
    if not found:
        return Part("")
    if end is markdown and len(found) == 1:
        return found[0]
    return below("…", found[-1])


def folded(thoughts: str) -> Part:
    """Show what a model thought aloud as a quotation that opens on a tap."""
    return _quotation(thoughts, "expandable_blockquote")


def quoted(heard: str, most: int = QUOTED_AT_MOST) -> Part:
    """Show what somebody was heard to say as a quotation, folded where it is long."""
    said = shortened(sound(heard).strip(), most)
    long = units(said) > FOLDED_FROM
    return _quotation(said, "expandable_blockquote" if long else "blockquote")


def _quotation(words: str, kind: str) -> Part:
    text = shortened(sound(words).strip(), QUOTED_AT_MOST)
    return Part(text, ({"type": kind, "offset": 0, "length": units(text)},))


def render(markdown: str) -> Part:
    """Convert a text of any length, in one piece."""
    text, entities = _converter()(prepared(sound(markdown)))
    return Part(text, tuple(_wanted(entities)))


@cache
def _converter() -> Callable[[str], tuple[str, list[Any]]]:
    """Import the converter on first use, and choose its symbols once."""
    from telegramify_markdown import RenderConfig, convert  # noqa: PLC0415 - costs 70 ms

    config = RenderConfig.isolated()
    symbol = config.markdown_symbol
    symbol.heading_level_1 = symbol.heading_level_2 = ""
    symbol.heading_level_3 = symbol.heading_level_4 = ""
    symbol.unordered_list_item = "•"
    symbol.task_completed, symbol.task_uncompleted = "☑", "☐"
    return partial(convert, config=config, latex_escape=False)  # `prepared` has done that


def _wanted(entities: list[Any]) -> Iterator[Mapping[str, Any]]:
    """Leave out the lines under headings, and links to nowhere."""
    for entity in entities:
        if entity.type != "underline" and (entity.type != "text_link" or entity.url):
            yield entity.to_dict()
