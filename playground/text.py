"""Text as Telegram's server takes it: cleaned, trimmed and measured in UTF-16 code units."""

import re

from playground.records import Record

_TO_SPACE = dict.fromkeys([*range(10), 11, 12, *range(14, 32)], " ")
_DROPPED = dict.fromkeys([13, *range(0x2028, 0x202F)])
_CLEANING = str.maketrans({**_TO_SPACE, **_DROPPED})
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e]")
_BLANK = " \n\u00a0\u200b\u2800\u3000"


def units(text: str) -> int:
    """Count UTF-16 code units, the measure of every limit and every entity."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def piece(text: str, offset: int, length: int) -> str:
    """Cut a piece out of a text by offsets in UTF-16 code units."""
    coded = text.encode("utf-16-le", "surrogatepass")
    return coded[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def cleaned(text: str) -> str:
    """Replace control characters by spaces and drop what changes the direction of lines."""
    return text.translate(_CLEANING) if _UNCLEAN.search(text) else text


def trimmed(text: str, entities: list[Record]) -> tuple[str, list[Record]]:
    """Take the blanks off both ends, but none before the first entity at the front."""
    kept = text.rstrip(_BLANK)
    front = len(kept) - len(kept.lstrip(_BLANK))
    if entities:
        front = min(front, *(entity["offset"] for entity in entities))
    kept, size = kept[front:], units(kept) - front
    return kept, [moved for entity in entities if (moved := _moved(entity, front, size))]


def _moved(entity: Record, front: int, size: int) -> Record | None:
    offset = entity["offset"] - front
    length = min(entity["length"], size - offset)
    return {**entity, "offset": offset, "length": length} if length > 0 else None


def split(text: str, limit: int) -> list[str]:
    """Split a long text as Telegram's apps do before they send it."""
    parts = []
    while units(text) > limit:
        end = _cut(text, limit)
        parts.append(text[:end].strip())
        text = text[end:].lstrip()
    return [part for part in [*parts, text] if part]


def _cut(text: str, limit: int) -> int:
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")
    best = max(head.rfind("\n"), head.rfind(" "))
    return best if best > len(head) // 2 else len(head)
