"""Pictures on their way to a model: read from the disk and turned into base64, in a thread."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence

from domain.errors import BackendRejected
from domain.pictures import Picture
from services.bulk import Bulk

LARGEST = 15 << 20
"""Bytes that the pictures of one question may have; as base64 they are 20 MB."""

_STEP = 3 << 16  # bytes turned into base64 at a time, so that other threads get their turn


async def bare(server: str, pictures: Sequence[Picture]) -> list[Bulk]:
    """Return each picture as base64 alone; raises OSError where one cannot be read.

    Too many bytes in all are BackendRejected, since no other server would take them.
    """
    return [Bulk("", text) for text in await asyncio.to_thread(_texts, server, pictures)]


async def addressed(server: str, pictures: Sequence[Picture]) -> list[Bulk]:
    """Return each picture as an address that begins with `data:`; raises as `bare`."""
    texts = await asyncio.to_thread(_texts, server, pictures)
    return [
        Bulk(f"data:{picture.mime};base64,", text)
        for picture, text in zip(pictures, texts, strict=True)
    ]


def wanted(question: str, count: int) -> str:
    """The question, or where there is none, what stands for it."""
    if question.strip():
        return question
    return "Describe this picture." if count == 1 else "Describe each picture, in their order."


def _texts(server: str, pictures: Sequence[Picture]) -> list[bytes]:
    size = sum(picture.path.stat().st_size for picture in pictures)
    if size > LARGEST:
        reason = f"the pictures have {size} bytes, and {LARGEST} may be sent"
        raise BackendRejected(server, reason, 413)
    return [_text(picture) for picture in pictures]


def _text(picture: Picture) -> bytes:
    text = bytearray()
    with picture.path.open("rb") as file:
        while block := file.read(_STEP):
            text += b64encode(block)
    return bytes(text)
