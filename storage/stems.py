"""Words without their endings, so that one form finds another.

It is light on purpose: endings are cut, the longest first, for as long as one is found and three
letters stay. What is cut need not be an ending, as in "diploma"; but it is cut from all forms of
the word, and that is what counts. Past tenses and changing vowels are not followed; a search by the
beginning of the word finds many of those.
"""

from __future__ import annotations

import re

# As folding leaves them: й is и, ё is е, ї is і.
_CYRILLIC = """
иями ями ами иях ях ах иям ям ам ием ем ом иеи еи ои ии ыи ия ья ая яя ию ью ую юю ие ье ое ее ые
ого его ому ему ыми ими ым им ых их ов ев ів ові еві єві ею ою ость ості ости остью істю
ться тися тись ется ится ить ать ять еть уть ати ити яти ат ють ешь ишь ете ите ает ают ует уют
ит ят ут ют аі еі оі уі єі ії ію ія єю ється уєть
а я о е и ы у ю ь і є
"""
_LATIN = """
ings ing edly ed ies ied es ely ly e y
"""


def _ends(endings: str) -> str:
    longest_first = sorted(endings.split(), key=len, reverse=True)
    return "|".join(longest_first)


_ENDING = re.compile(rf"(?<=\w\w\w)(?:{_ends(_CYRILLIC)}|{_ends(_LATIN)}|(?<![su])s)$")
_DIGIT = re.compile(r"\d")

BEGINNING = 4
"""A stem of so many letters also finds the words that begin with it; a shorter one finds many."""


def stem(word: str) -> str:
    """The word without its endings; numbers and names of models have none."""
    if _DIGIT.search(word):
        return word
    while (cut := _ENDING.sub("", word, count=1)) != word:
        word = cut
    return word


def may_begin(stem: str) -> bool:
    """Whether longer words that begin with a stem are likely to be forms of it."""
    return len(stem) >= BEGINNING and not _DIGIT.search(stem)
