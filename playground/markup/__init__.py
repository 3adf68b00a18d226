"""Parse modes: text with marks becomes plain text with entities, or a refusal that says where."""

from playground.errors import bad_request
from playground.markup.html import parse_html
from playground.markup.markdown import parse_markdown
from playground.markup.markdown_v2 import parse_markdown_v2
from playground.markup.output import MarkupError
from playground.records import Record

_MODES = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}


def parse(text: str, mode: str) -> tuple[str, list[Record]]:
    """Parse a text in the mode of that name; no mode leaves it as it is."""
    if not mode or mode.lower() == "none":
        return text, []
    parser = _MODES.get(mode.lower())
    if parser is None:
        raise bad_request("unsupported parse_mode")
    try:
        return parser(text)
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None
