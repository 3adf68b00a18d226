"""Citations: how pages are named to models and to people, and that none is named that was not read.

Models are shown pages as `[p. 12]`, and whatever way they write it, people see `(p. 12)` in their
language.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.documents import PageWord
from services.reading.chunks import Piece

_FORMS: Mapping[str, Mapping[PageWord, str]] = MappingProxyType(
    {
        "en": {
            PageWord.PAGE: "p.",
            PageWord.SLIDE: "slide",
            PageWord.SHEET: "sheet",
            PageWord.SECTION: "section",
            PageWord.CHAPTER: "chapter",
        },
        "ru": {
            PageWord.PAGE: "с.",
            PageWord.SLIDE: "слайд",
            PageWord.SHEET: "лист",
            PageWord.SECTION: "раздел",
            PageWord.CHAPTER: "глава",
        },
        "uk": {
            PageWord.PAGE: "с.",
            PageWord.SLIDE: "слайд",
            PageWord.SHEET: "аркуш",
            PageWord.SECTION: "розділ",
            PageWord.CHAPTER: "глава",
        },
    }
)
"""What stands before the number."""

# What models write; a single letter is a word of its own in Russian, so it needs its full stop.
_WRITTEN = MappingProxyType(
    {
        PageWord.PAGE: (
            r"pp?\.|pgs?\.|pages?|с\.|c\.|стр\.|стор\."
            r"|страниц(?:а|ы|е|у|ах)|сторін(?:ка|ки|ці|ку|ках)"
        ),
        PageWord.SLIDE: r"slides?|слайд(?:а|е|і|у|ы|и|ах)?",
        PageWord.SHEET: r"sheets?|лист(?:а|е|ы|ах)?|аркуш(?:а|і|у|ах)?",
        PageWord.SECTION: r"sections?|раздел(?:а|е|ы|ах)?|розділ(?:у|і|и|ах)?",
        PageWord.CHAPTER: r"chapters?|глав(?:а|ы|е|у|ах|и|і)|розділ(?:у|і|и|ах)?",
    }
)
_NUMBERS = r"\d{1,9}(?:\s*[-–—]\s*\d{1,9})?"
_SPAN = re.compile(r"(\d{1,9})(?:\s*[-–—]\s*(\d{1,9}))?")
_NUMBER = re.compile(r"\d{1,9}(?=[^\d])(?! \(\?\))")
_REACH = 20
"""Characters before a number in which the word for a page stands."""

_LONGEST = 10_000
"""Pages that a span may have; a longer one is a number of something else."""


@dataclass(frozen=True, slots=True)
class Citations:
    """Names the pages of one document in one language; an unknown language is English."""

    word: PageWord
    language: str

    def mark(self, first: int, last: int = 0) -> str:
        """What stands before a text of these pages where models read it."""
        return f"[{_named('en', self.word, range(first, max(first, last) + 1))}]"

    def marked(self, pieces: Iterable[Piece]) -> str:
        """Texts in their order, each under the mark of its page."""
        return "\n".join(f"{self.mark(piece.page)}\n{piece.text}" for piece in pieces)

    def form(self, pages: Iterable[int]) -> str:
        """These pages as people cite them."""
        return f"({_named(self.language, self.word, pages)})"

    def checked(self, text: str, read: Container[int]) -> str:
        """The text with each citation in its form, and no page cited that was not `read`.

        In brackets such a page is left out. In a sentence it stays, with a question mark. What may
        still go on at the very end is left alone.
        """
        cited, done = "", 0
        for found in self._bracketed().finditer(text):
            kept = [page for page in _pages(found["cited"]) if page in read]
            before = text[done : found.start()]
            cited += before + self.form(kept) if kept else before.rstrip(" \t")
            done = found.end()
        return self._doubted(cited + text[done:], read)

    def _doubted(self, text: str, read: Container[int]) -> str:
        """Mark pages named in a sentence that were not read; looks from the numbers backwards."""
        doubted, done, word = "", 0, self._word_before()
        for found in _NUMBER.finditer(text):
            start = found.start()
            if int(found[0]) not in read and word.search(text[max(start - _REACH, 0) : start]):
                doubted += f"{text[done : found.end()]} (?)"
                done = found.end()
        return doubted + text[done:]

    def _bracketed(self) -> re.Pattern[str]:
        words = rf"(?:{_WRITTEN[self.word]}|[pPсС](?=\s?\d))"
        more = rf"(?:\s*(?:[,;&]|and|и|та|і)\s*(?:{words}\s*)?{_NUMBERS})*"
        return re.compile(rf"[(\[]\s*(?P<cited>{words}\s*{_NUMBERS}{more})\s*[)\]]", re.IGNORECASE)

    def _word_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w(\[])(?:{_WRITTEN[self.word]})\s*$", re.IGNORECASE)


def _named(language: str, word: PageWord, pages: Iterable[int]) -> str:
    form = _FORMS.get(language, _FORMS["en"])[word]
    return f"{form} {', '.join(_runs(pages))}"


def _runs(pages: Iterable[int]) -> Iterator[str]:
    """Neighbours as one span."""
    ordered = sorted(set(pages))
    while ordered:
        size = next((n for n, page in enumerate(ordered) if page != ordered[0] + n), len(ordered))
        yield f"{ordered[0]}" if size == 1 else f"{ordered[0]}–{ordered[size - 1]}"
        ordered = ordered[size:]


def _pages(cited: str) -> Iterator[int]:
    for first, last in _SPAN.findall(cited):
        start, end = int(first), int(last or first)
        if start <= end < start + _LONGEST:
            yield from range(start, end + 1)
