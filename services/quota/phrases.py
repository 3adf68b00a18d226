"""How much of what, in words: pictures and films, and how long they last."""

from __future__ import annotations

from services.words import Voice

VIDEO = "video"


def pieces(voice: Voice, skill: str, n: int) -> str:
    """So many of them: "3 videos"."""
    if skill == VIDEO:
        return voice.many("{n} video", "{n} videos", n)
    return voice.many("{n} picture", "{n} pictures", n)


def title(voice: Voice, skill: str) -> str:
    """What they are called."""
    return voice("Videos") if skill == VIDEO else voice("Pictures")


def number(amount: float) -> str:
    """A number without a fraction where it has none: 4, 2.5."""
    return f"{amount:.1f}".removesuffix(".0")
