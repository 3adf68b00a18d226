"""Reads an answer aloud while it is written: gives what a voice should say, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from services.speakable import phrases
from services.speakable.languages import Ear
from services.speakable.numbers import in_words
from services.speakable.pieces import Piece, Thing
from services.speakable.sentences import Border, Cut, Cutter
from services.speakable.spoken import prose, spoken
from services.speakable.structure import Structure
from services.words import Voice

PAUSES = {Border.CLAUSE: 0.1, Border.SENTENCE: 0.3, Border.BLOCK: 0.6}
"""Seconds of silence after a clause, a sentence, and a paragraph."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a voice says in one breath.

    `language` is a two-letter code. `pause` is the silence that follows, in seconds.
    """

    text: str
    language: str
    pause: float


@dataclass(slots=True)
class Reader:
    """Turns one answer into utterances.

    `person` is the person's language, for sentences that do not tell theirs; `speak` gives the
    program's texts in a language, as `Words.speak` does.
    """

    person: str
    speak: Callable[[str], Voice]
    _structure: Structure = field(default_factory=Structure)
    _cutter: Cutter = field(default_factory=Cutter)
    _ear: Ear = field(init=False)
    _answer: str = ""
    _named: Thing | None = None

    def __post_init__(self) -> None:
        self._ear = Ear(self.person)

    def feed(self, answer: str) -> list[Utterance]:
        """Take the whole answer so far; give what can be said now and was not given before."""
        self._answer = answer
        return list(self._read(self._structure.feed(answer)))

    def finish(self) -> list[Utterance]:
        """Give what is left: the answer will not grow any more."""
        last = list(self._read(self._structure.feed(self._answer, whole=True)))
        return last + list(self._say(self._cutter.finish()))

    def _read(self, pieces: Iterator[Piece]) -> Iterator[Utterance]:
        for piece in pieces:
            if isinstance(piece, Thing):
                yield from self._say(self._cutter.finish())
                yield from self._name(piece)
            else:
                yield from self._say(self._cutter.take(piece))

    def _say(self, cuts: Iterator[Cut]) -> Iterator[Utterance]:
        for cut in cuts:
            language = self._ear.language(prose(cut.text))
            said = spoken(cut.text, partial(phrases.name, voice=self.speak(language)))
            text = in_words(said, language)
            if text:
                self._named = None
                yield Utterance(_closed(text, cut.border), language, PAUSES[cut.border])

    def _name(self, thing: Thing) -> Iterator[Utterance]:
        """Name a thing once, however many rows it has."""
        if self._named is not thing:
            voice = self.speak(self._ear.language(""))
            yield Utterance(phrases.name(thing, voice), voice.language, PAUSES[Border.BLOCK])
        self._named = thing


def _closed(text: str, border: Border) -> str:
    """A clause ends with a comma, so that a voice does not let it fall like a sentence."""
    return f"{text}," if border is Border.CLAUSE and text[-1].isalnum() else text
