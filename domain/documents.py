"""Documents: what is read, page by page, and the passages that are found in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a file is, by its bytes."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    EPUB = "epub"
    RTF = "rtf"
    HTML = "html"
    TEXT = "text"
    MARKDOWN = "markdown"
    CSV = "csv"
    XLSX = "xlsx"
    PPTX = "pptx"
    CODE = "code"


class PageWord(StrEnum):
    """What the numbered parts of a document are called."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    SECTION = "section"
    CHAPTER = "chapter"


class Source(StrEnum):
    """How the text of a page was had."""

    TEXT = "text"
    OCR = "ocr"
    VISION = "vision"


class Standing(StrEnum):
    """How far a document has come; a removed one has no text any more."""

    READING = "reading"
    READY = "ready"
    REMOVED = "removed"


_WORDS = {
    DocumentKind.PDF: PageWord.PAGE,
    DocumentKind.PPTX: PageWord.SLIDE,
    DocumentKind.XLSX: PageWord.SHEET,
    DocumentKind.EPUB: PageWord.CHAPTER,
}


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page, a slide, a sheet, a chapter or a section; numbered from 1."""

    number: int
    text: str
    source: Source = Source.TEXT


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file turned out to be; `pages` is 0 where it is not known before it is read."""

    kind: DocumentKind
    pages: int
    title: str = ""

    @property
    def page_word(self) -> PageWord:
        """What its numbered parts are; formats without any are read in sections."""
        return _WORDS.get(self.kind, PageWord.SECTION)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from: the lane, the message, and the file as Telegram names it."""

    lane: str = ""
    message: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is remembered; `name` is what its sender called it, `characters` its text."""

    id: int
    person: int
    chat: int
    name: str
    outline: Outline
    characters: int
    origin: Origin = Origin()
    standing: Standing = Standing.READY


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one page; the higher the score, the better it answers what was asked."""

    id: int
    document: int
    page: int
    text: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class InDocument:
    """Look in one document."""

    document: int


@dataclass(frozen=True, slots=True)
class InChat:
    """Look in all documents of a chat."""

    chat: int


Scope = InDocument | InChat
