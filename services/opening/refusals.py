"""Troubles with a file in the words of the person who sent it: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from domain.errors import Broken, PasswordNeeded, Refused, TooBig, Unsupported
from services.opening.limits import Limits
from services.opening.troubles import Trouble
from services.words import Voice, later

MIB = 1 << 20

_PLAIN: Mapping[Trouble, tuple[type[Refused], str]] = MappingProxyType(
    {
        Trouble.EMPTY: (
            Broken,
            later("This file is empty: there is nothing in it. Please send it again."),
        ),
        Trouble.DAMAGED: (
            Broken,
            later("This file is damaged, and I cannot open it. Please save it anew and send that."),
        ),
        Trouble.CRASH: (
            Broken,
            later(
                "This file is damaged so badly that it cannot be opened safely. "
                "Please save it anew, or send it in another format."
            ),
        ),
        Trouble.NO_PICTURE: (
            Unsupported,
            later(
                "This is no picture that I can look at. Send a photo, or a file such as "
                "JPEG, PNG, WebP, HEIC, GIF or TIFF."
            ),
        ),
        Trouble.NO_DOCUMENT: (
            Unsupported,
            later(
                "This is no document that I can read. I take PDF, DOCX, ODT, EPUB, RTF, HTML, "
                "XLSX, PPTX, CSV, Markdown and plain text."
            ),
        ),
        Trouble.PICTURE: (
            Unsupported,
            later("This is a picture and no document. Please send it as a photo."),
        ),
        Trouble.SOUND: (
            Unsupported,
            later("This is a recording and no document. Please send it as audio or as video."),
        ),
        Trouble.ARCHIVE: (
            Unsupported,
            later(
                "This is an archive. I do not unpack archives, for anything may be hidden in "
                "them. Please send the files that are in it one by one."
            ),
        ),
        Trouble.PROGRAM: (
            Unsupported,
            later(
                "This is a program, whatever its name says. I do not open programs. "
                "If somebody sent it to you as a document, do not open it either."
            ),
        ),
        Trouble.OLD_OFFICE: (
            Unsupported,
            later(
                "This file has an old or a protected office format. Please save it as DOCX, "
                "XLSX, PPTX or PDF, without a password, and send that."
            ),
        ),
        Trouble.PASSWORD: (
            PasswordNeeded,
            later("This document is protected. Please send me its password."),
        ),
        Trouble.WRONG_PASSWORD: (
            PasswordNeeded,
            later("This password does not open the document. Please send me the right one."),
        ),
        Trouble.PROTECTED: (
            Unsupported,
            later("This document is protected. Please save it without protection and send that."),
        ),
        Trouble.NO_PAGES: (Broken, later("This document has no pages: there is nothing to read.")),
        Trouble.NO_PAGE: (Broken, later("This document has no such page.")),
        Trouble.NO_TEXT: (
            Unsupported,
            later(
                "There is no text in this document. If it shows pictures of text, "
                "save it as a PDF and send that."
            ),
        ),
        Trouble.BOMB: (
            TooBig,
            later(
                "This file is small but unpacks to an enormous size, as harmful files do. "
                "I do not open it. Please save it anew, or send it in another format."
            ),
        ),
        Trouble.MEMORY: (
            TooBig,
            later(
                "This file takes more memory to open than I have for it. "
                "Please send a smaller one, or a part of it."
            ),
        ),
        Trouble.SLOW: (
            TooBig,
            later(
                "This file takes too long to open. Please send a smaller one, or save it in "
                "another format."
            ),
        ),
    }
)


def refusal(trouble: Trouble, number: int, limits: Limits, voice: Voice) -> Refused:
    """Say it: what is wrong with the file, and what the person can do."""
    if trouble in _PLAIN:
        kind, text = _PLAIN[trouble]
        return kind(voice(text))
    return TooBig(_TOO_BIG[trouble](number, limits, voice))


def _pages(number: int, limits: Limits, voice: Voice) -> str:
    most = voice.many("{n} page", "{n} pages", limits.pages)
    return voice.many(
        "This document has {n} page, and I read up to {most}. Please send a part of it.",
        "This document has {n} pages, and I read up to {most}. Please send a part of it.",
        number,
        most=most,
    )


def _pixels(number: int, limits: Limits, voice: Voice) -> str:
    return voice(
        "This picture has {number} megapixels, and I take up to {most}. "
        "Please send a smaller copy of it.",
        number=-(-number // 1_000_000),
        most=limits.pixels // 1_000_000,
    )


def _bytes(number: int, limits: Limits, voice: Voice) -> str:
    return voice(
        "This file has {size} MB, and I take up to {most} MB. Please send a part of it.",
        size=-(-number // MIB),
        most=limits.bytes // MIB,
    )


def _characters(_number: int, limits: Limits, voice: Voice) -> str:
    return voice.many(
        "There is too much text in this document: I read up to {n} character. "
        "Please send a part of it.",
        "There is too much text in this document: I read up to {n} characters. "
        "Please send a part of it.",
        limits.characters,
    )


_TOO_BIG: Mapping[Trouble, Callable[[int, Limits, Voice], str]] = MappingProxyType(
    {
        Trouble.PAGES: _pages,
        Trouble.PIXELS: _pixels,
        Trouble.BYTES: _bytes,
        Trouble.CHARACTERS: _characters,
    }
)
