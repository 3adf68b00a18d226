"""Cuts words into what is said in one breath: a sentence, or a clause of a long one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from services.speakable.pieces import Mark, Word
from services.speakable.stops import ends, goes_on, pauses

BEFORE = 4
"""Words that a clause has at least; fewer sound chopped."""

BEFORE_A_CONJUNCTION = 6
"""The same where no sign, only a conjunction, tells clauses apart."""

AFTER = 2
"""Words that follow a clause at least; until then it may be the end of the sentence."""

MOST_WORDS = 24
MOST_CHARACTERS = 400
"""What is longer is cut wherever it is."""

_CONJUNCTIONS = (
    "and or but because which that who when while where if so than with"
    " и или но а что чтобы который которая которое которые которых потому когда если где как"
    " і й та або але що щоб який яка яке які яких тому бо коли якщо де як"
)
CONJUNCTIONS = frozenset(_CONJUNCTIONS.split())


class Border(Enum):
    """What ends with a cut."""

    CLAUSE = auto()
    SENTENCE = auto()
    BLOCK = auto()


@dataclass(frozen=True, slots=True)
class Cut:
    """Words that are said in one breath, and what ends after them."""

    text: str
    border: Border


@dataclass(slots=True)
class Cutter:
    """Takes words in their order, and gives them back in cuts as soon as a cut is certain."""

    _words: list[Word] = field(default_factory=list)
    _clause: int = 0
    """How many of the words can be cut off as a clause; 0 where none can."""
    _line_ended: bool = False

    def take(self, piece: Word | Mark) -> Iterator[Cut]:
        """Give the cuts that this piece completes."""
        if isinstance(piece, Word):
            yield from self._take(piece)
        elif piece is Mark.BLOCK:
            yield from self.finish()
        else:
            self._line_ended = True

    def finish(self) -> Iterator[Cut]:
        """Give what is left: a block ends here."""
        if self._words:
            yield self._cut(len(self._words), Border.BLOCK)

    def _take(self, word: Word) -> Iterator[Cut]:
        if self._ends_before(word):
            yield self._cut(len(self._words), Border.SENTENCE)
        self._line_ended = False
        if not self._clause and self._parts_before(word):
            self._clause = len(self._words)
        self._words.append(word)
        if self._clause and _count(self._words[self._clause :]) >= AFTER:
            yield self._cut(self._clause, Border.CLAUSE)
        elif self._is_full():
            yield self._cut(len(self._words), Border.CLAUSE)

    def _ends_before(self, word: Word) -> bool:
        if not self._words:
            return False
        if self._line_ended:
            return not goes_on(word.text)
        begun = self._words[-2].text if len(self._words) > 1 else ""
        return ends(self._words[-1].text, word.text, begun)

    def _parts_before(self, word: Word) -> bool:
        """Whether a clause ends before this word, and is long enough to be said by itself."""
        if not self._words:
            return False
        enough = BEFORE if pauses(self._words[-1].text) else BEFORE_A_CONJUNCTION
        if enough > BEFORE and word.text.casefold() not in CONJUNCTIONS:
            return False
        return _count(self._words) >= enough

    def _is_full(self) -> bool:
        size = sum(len(word.text) + 1 for word in self._words)
        return len(self._words) >= MOST_WORDS or size >= MOST_CHARACTERS

    def _cut(self, size: int, border: Border) -> Cut:
        text = "".join(" " * word.apart + word.text for word in self._words[:size]).strip()
        del self._words[:size]
        self._clause = 0
        return Cut(text, border)


def _count(words: list[Word]) -> int:
    """How many of them are words that take time to say."""
    return sum(any(sign.isalnum() for sign in word.text) for word in words)
