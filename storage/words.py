"""The words of a text as they are indexed, and those of a question as they are looked for."""

from __future__ import annotations

import re

from storage.folding import folded, holdable
from storage.stems import stem
from storage.stop_words import STOP_WORDS

LONGEST_WORD = 40
MOST_WORDS = 12
"""Of a question; of more of them the longest are kept, which are the rarest."""

LONGEST_QUESTION = 2000  # characters that are looked at

# A letter or a number, or one sign of a script that writes no spaces.
_WORD = re.compile(
    r"(?=\w)[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)


def indexed(text: str, known: dict[str, str]) -> str:
    """The stems of all words of a text, with a blank between; `known` ones are not cut again."""
    stems = []
    for word in _WORD.findall(folded(text)):
        if word not in known:
            known[word] = stem(word[:LONGEST_WORD])
        stems.append(known[word])
    return " ".join(stems)


def asked(question: str) -> list[str]:
    """The stems to look for, each once; words that say nothing only where there are no others.

    The question is anybody's text: whatever is in it, letters and digits are all that is left.
    """
    words = dict.fromkeys(_WORD.findall(folded(holdable(question[:LONGEST_QUESTION]))))
    telling = [word for word in words if word not in STOP_WORDS] or list(words)
    stems = dict.fromkeys(stem(word[:LONGEST_WORD]) for word in telling)
    return sorted(stems, key=len, reverse=True)[:MOST_WORDS]
