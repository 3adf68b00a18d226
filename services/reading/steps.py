"""Steps: what reading a document tells of itself on its way to an answer."""

from __future__ import annotations

from dataclasses import dataclass

from domain.answers import Draft, Phase
from domain.documents import Document
from domain.routes import Route
from services.reading.citations import Citations
from services.reading.orders import Length
from services.words import Voice


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made of a document, and for whom; `model` is their own choice, or empty."""

    document: Document
    voice: Voice
    length: Length = Length.FULL
    model: str = ""

    @property
    def citations(self) -> Citations:
        """How its pages are named."""
        return Citations(self.document.outline.page_word, self.voice.language)

    @property
    def neutral(self) -> Citations:
        """How they are named where only models read it, whoever asks."""
        return Citations(self.document.outline.page_word, "en")

    @property
    def route(self) -> Route:
        """Who is asked."""
        return Route(model=self.model)


@dataclass(frozen=True, slots=True)
class Gathered:
    """How far the reading is: pages of how many, and the notes so far in their order."""

    read: int
    pages: int
    notes: tuple[str, ...]

    @property
    def share(self) -> float:
        """How much was read, from 0 to 1."""
        return self.read / self.pages if self.pages else 1.0


@dataclass(frozen=True, slots=True)
class Written:
    """The answer; empty where the model had nothing to say."""

    text: str


ReadingStep = Phase | Gathered | Draft | Written
"""The last one is Written."""
