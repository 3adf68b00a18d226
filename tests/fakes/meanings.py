"""What texts mean to the fakes that embed: words of one sense count as one."""

import re
from zlib import crc32

NUMBERS = 512
SENSES = (
    frozenset({"crowned", "coronation", "enthroned", "коронация", "короновали"}),
    frozenset({"honey", "nectar", "мёд"}),
)


def meant(text: str) -> list[float]:
    """A vector that counts the senses of a text; never without any direction."""
    vector = [0.0] * NUMBERS
    vector[0] = 0.01
    for word in re.findall(r"\w+", text.lower()):
        vector[crc32(_sense(word).encode()) % NUMBERS] += 1.0
    return vector


def _sense(word: str) -> str:
    return next((min(sense) for sense in SENSES if word in sense), word)
