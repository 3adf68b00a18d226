"""What a server says when it refuses, whatever shape it says it in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

LONGEST = 300
"""Characters of a server's words that the operator gets to read."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A server's words for people, and its word for programs where it has one."""

    words: str
    code: str = ""

    @classmethod
    def read(cls, body: bytes) -> Complaint:
        """Read the body of a refusal: JSON of any known shape, or text, or a page of HTML."""
        text = body.decode("utf-8", "replace").strip()
        try:
            return cls.of(json.loads(text))
        except (ValueError, RecursionError):
            return cls(_short(re.sub(r"(?s)<(script|style).*?</\1>|<[^>]*>", " ", text)))

    @classmethod
    def of(cls, raw: Any) -> Complaint:
        """Read a refusal that is decoded already."""
        match raw:
            case {"error": {} as error}:
                return cls(_short(error.get("message") or error), _code(error))
            case {"error": error} if error:
                return cls(_short(error))
            case {"detail": [{"msg": message, **more}, *_]}:
                return cls(_short(f"{message} {more.get('loc', '')}"))
            case {"detail": message} | {"message": message}:
                return cls(_short(message), _code(raw))
        return cls(_short(raw))


def _code(error: dict[str, Any]) -> str:
    """The more exact of the two words that servers use; numbers only repeat the status."""
    words = (error.get("code"), error.get("type"))
    return next((word for word in words if isinstance(word, str) and word), "")


def _short(words: object) -> str:
    text = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
