"""Tells the language of a sentence by its letters and its smallest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.speakable.small_words import (
    CYRILLIC_LETTERS,
    CYRILLIC_WORDS,
    DECISIVE,
    LATIN_LETTERS,
    LATIN_WORDS,
)

MANY = 4
"""Latin words that are a sentence of their own, and no names in the language around them."""

CYRILLIC = frozenset([*CYRILLIC_WORDS, *DECISIVE])
"""Languages that a Cyrillic sentence may have."""

_SMALL_CYRILLIC = {code: frozenset(words.split()) for code, words in CYRILLIC_WORDS.items()}
_SMALL_LATIN = {code: frozenset(words.split()) for code, words in LATIN_WORDS.items()}

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_LATIN_LETTER = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC_LETTER = re.compile(r"[Ѐ-ԯ]")

_SCRIPTS = tuple(
    (re.compile(f"[{letters}]"), language)
    for letters, language in (
        ("ぁ-ヿ", "ja"),
        ("가-힣ᄀ-ᇿ", "ko"),
        ("㐀-鿿", "zh"),
        ("Ͱ-Ͽἀ-῿", "el"),
        ("֐-׿", "he"),
        ("پچژگ", "fa"),
        ("؀-ۿ", "ar"),
        ("ऀ-ॿ", "hi"),
        ("ঀ-৿", "bn"),
        ("฀-๿", "th"),
        ("Ⴀ-ჿ", "ka"),
        ("Ա-֏", "hy"),
    )
)
"""Scripts that tell the language; Japanese comes before Chinese, for it borrows the signs."""


@dataclass(slots=True)
class Ear:
    """Tells the language of sentences one after another; one that tells nothing is as the last.

    `person` is the language of the person, a two-letter code.
    """

    person: str
    _last: str = ""
    _cyrillic: str = ""
    _latin: str = ""

    def language(self, sentence: str) -> str:
        """The two-letter code of the sentence's language."""
        told = self._told([word.casefold() for word in _WORD.findall(sentence)])
        self._last = told or self._last or self.person
        return self._last

    def _told(self, words: list[str]) -> str:
        """The language that the words tell by themselves, empty where they tell none."""
        cyrillic = [word for word in words if _CYRILLIC_LETTER.search(word)]
        latin = [word for word in words if _LATIN_LETTER.search(word)]
        others = Counter(language for language in map(_by_script, words) if language)
        if others.total() > max(len(cyrillic), len(latin)):
            return _first(others)
        told = self._of_latin(latin) if len(latin) > len(cyrillic) else ""
        if cyrillic and not told:
            return self._of_cyrillic(cyrillic)
        return told or self._of_names(latin)

    def _of_cyrillic(self, words: list[str]) -> str:
        expected = next(code for code in (self._cyrillic, self.person, "ru") if code in CYRILLIC)
        found = _decided(words) or _best(_SMALL_CYRILLIC, CYRILLIC_LETTERS, words, expected)
        self._cyrillic = found or expected
        return self._cyrillic

    def _of_latin(self, words: list[str]) -> str:
        """The language that the words tell, empty where they tell none."""
        found = _best(_SMALL_LATIN, LATIN_LETTERS, words, self._expected_latin(), trust=1)
        self._latin = found or self._latin
        return found

    def _of_names(self, words: list[str]) -> str:
        """A few Latin words are names in the language around them; more are a sentence."""
        return self._expected_latin() if len(words) >= MANY else ""

    def _expected_latin(self) -> str:
        return next(code for code in (self._latin, self.person, "en") if code in LATIN_WORDS)


def _best(
    small: Mapping[str, frozenset[str]],
    letters: Mapping[str, str],
    words: list[str],
    expected: str,
    trust: int = 0,
) -> str:
    """The language that most small words and letters of its own speak for, empty if none does.

    `trust` is how many more of them another language needs than the one that was expected.
    """
    points: Counter[str] = Counter({expected: trust})
    for language, own in small.items():
        points[language] += sum(word in own for word in words)
    for language, signs in letters.items():
        points[language] += 2 * sum(any(sign in word for sign in signs) for word in words)
    best, most = max(points.items(), key=lambda one: (one[1], one[0] == expected))
    return best if most > trust else ""


def _decided(words: list[str]) -> str:
    letters = set("".join(words))
    return next((code for code, own in DECISIVE.items() if letters & set(own)), "")


def _by_script(word: str) -> str:
    return next((language for script, language in _SCRIPTS if script.search(word)), "")


def _first(found: Counter[str]) -> str:
    """Japanese where any of it is, for half of its words look Chinese."""
    return "ja" if found["ja"] else found.most_common(1)[0][0]
