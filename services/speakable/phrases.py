"""Names for what a voice cannot read."""

from __future__ import annotations

from services.speakable.pieces import Thing
from services.words import Voice


def name(thing: Thing, voice: Voice) -> str:
    """What is said in place of the thing."""
    match thing:
        case Thing.CODE_BLOCK:
            return voice("The code is in the text.")
        case Thing.TABLE:
            return voice("The table is in the text.")
        case Thing.FORMULA_BLOCK:
            return voice("The formula is in the text.")
        case Thing.CODE:
            return voice("a piece of code")
        case Thing.FORMULA:
            return voice("a formula")
    return voice("a link")
