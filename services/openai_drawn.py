"""What a server answers who was asked for a picture the way OpenAI asks: pictures, or a refusal."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from services.complaints import Complaint
from services.exchange import complain, decoded
from services.openai_wire import explained
from services.wire import Ask

LARGEST = 64 << 20
"""Bytes that a picture may have."""

LARGEST_ANSWER = LARGEST // 3 * 4 + (1 << 20)
"""The same as base64, and what is around it."""

REFUSED = "refused"
"""The code of a refusal to draw this."""

OPTIONAL = ("response_format", "n", "seed", "size")
"""Words of a question without which a picture is drawn as well."""

_UNWANTED = re.compile(
    "unknown|unsupported|unrecogni[sz]ed|not supported|not permitted|not allowed|invalid|extra",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"content.?policy|content.?filter|moderation|safety (system|filter|checker)|safety.violation|"
    r"policy violation|nsfw",
    re.IGNORECASE,
)
_NO_ROUTE = frozenset({404, 405})


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a picture, by its mime type and the ending of its files."""

    mime: str
    ending: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, or where it is."""

    raw: bytes = b""
    url: str = ""


def kind(raw: bytes) -> Kind | None:
    """Tell the kind by the first bytes; None where it is no picture."""
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind("image/png", ".png")
    if raw.startswith(b"\xff\xd8\xff"):
        return Kind("image/jpeg", ".jpg")
    return Kind("image/webp", ".webp") if raw[:4] + raw[8:12] == b"RIFFWEBP" else None


def drawn(ask: Ask, body: bytes) -> list[Drawn]:
    """Take the pictures out of an answer; raises a BackendError where there is none."""
    raw = decoded(ask, body) if body.strip() else None
    match raw:
        case {"error": error} if error:
            raise complain(ask, 0, Complaint.of(raw))
        case {"data": [*listed]}:
            found = list(_each(ask, listed))
        case _:
            found = []
    if not found:
        raise BackendNonsense(ask.server, f"{len(body)} bytes without a picture")
    return found


def refusal(error: BackendRejected, ask: Ask) -> BackendError:
    """Recognise the refusals that mean something of their own."""
    if _POLICY.search(f"{error.code} {error.reason}"):
        return BackendRejected(error.backend, error.reason, error.status, REFUSED)
    known = explained(error, ask)
    if known is error and error.status in _NO_ROUTE:  # the next one may draw
        return BackendUnavailable(error.backend, f"draws nothing: {error.reason}", down=True)
    return known


def unwanted(error: BackendRejected, words: Mapping[str, object]) -> str | None:
    """The word that a refusal is about, where it can be left out."""
    about = f"{error.code} {error.reason}"
    if error.status not in {400, 422} or _POLICY.search(about) or not _UNWANTED.search(about):
        return None
    asked = [one for one in OPTIONAL if one in words]
    named = [one for one in asked if re.search(rf"\b{one}\b", about)]
    sized = [one for one in asked if one == "size" and str(words[one]) in about]
    return next(iter([*named, *sized]), None)


def _each(ask: Ask, listed: list[Any]) -> Iterator[Drawn]:
    for one in listed:
        match one:
            case {"b64_json": str(text)} if text:
                yield Drawn(_bytes(ask, text))
            case {"url": str(url)} if url.startswith("data:"):
                yield Drawn(_bytes(ask, url))
            case {"url": str(url)} if url:
                yield Drawn(url=url)


def _bytes(ask: Ask, text: str) -> bytes:
    """Decode base64, with or without what comes before it in an address."""
    _, _, bare = text.rpartition(",")
    try:
        return b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        raise BackendNonsense(ask.server, f"{len(text)} characters that are no base64") from None
