"""Finds numbers in a sentence, and reads how they are written there."""

from __future__ import annotations

import re

from services.speakable.numerals import Number

FIGURE = (
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}(?!\d)){1,9}|\d{1,3}(?:,\d{3}(?!\d)){1,9}|\d{1,59})"
    r"(?:[.,]\d{1,30})?(?!\d)"
)
"""A number: with its thousands in groups, with a point or a comma, or plain."""

_BEFORE = re.compile(r"([^\W\d_]+|[:—–=-])[\s«“\"(]{0,3}$")
_AFTER = re.compile(r"\s{0,3}([^\W\d_]+(?:['’ʼ][^\W\d_]+)?)(?:\s{1,3}([^\W\d_]+))?")


def parsed(figure: str, language: str) -> Number:
    """The number that is written like this.

    A comma before three digits parts thousands in English; elsewhere only before three noughts.
    """
    bare = re.sub(r"[ \u00a0\u202f]", "", figure)
    grouped = re.fullmatch(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", bare)
    if grouped and (language == "en" or bare.count(",") > 1 or bare.endswith(",000")):
        return Number(int(grouped[1].replace(",", "")), grouped[2] or "")
    whole, _, fraction = bare.replace(",", ".").partition(".")
    return Number(int(whole), fraction)


def word_before(found: re.Match[str]) -> str:
    """The word or sign before what was found, in small letters; empty at the beginning."""
    near = found.string[max(0, found.start() - 40) : found.start()]
    before = _BEFORE.search(near)
    return before[1].casefold() if before else ""


def words_after(found: re.Match[str]) -> tuple[str, str]:
    """The two words after what was found, in small letters; empty where there are none."""
    after = _AFTER.match(found.string, found.end())
    if not after:
        return "", ""
    return after[1].casefold(), (after[2] or "").casefold()
