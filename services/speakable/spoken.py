"""Takes the Markdown out of a sentence, so that only what is said remains."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from services.speakable.pieces import Thing

Name = Callable[[Thing], str]
"""Says what stands in place of a thing that cannot be read."""

LONGEST_WORD = 60
"""Characters; what is longer without a space is no word, but in Thai, Chinese and their kin."""

_MARKUP = re.compile(
    r"(?P<ticks>`{1,9})(?P<code>[^`]{1,1000})(?P=ticks)"
    r"|!?\[(?P<text>[^\[\]]{0,1000})\]\((?:[^()]|\([^()]{0,300}\)){0,1000}\)"
    r"|\[\^[^\]\s]{1,40}\]"  # the mark of a footnote
    r"|<(?P<address>(?:https?://|mailto:)[^<>\s]{1,1000})>"
    r"|</?[A-Za-z][^<>]{0,300}>|<!--"
    r"|\$\$(?P<display>[^$]{1,1000})\$\$"
    r"|\$(?P<dollars>(?![\s\d])[^$\n]{1,1000}(?<!\s)|\d[^\s$]{0,300}|\d[^$]{0,300}[\\^_={}][^$]{0,300})\$(?!\d)"
    r"|\\\((?P<round>(?:[^\\]|\\[^()]){1,1000})\\\)"
    r"|\\\[(?P<square>(?:[^\\]|\\[^\[\]]){1,1000})\\\]"
    r"|(?P<url>(?:https?://|www\.)[^\s<>«»“”]{1,2000})"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])",
    re.DOTALL,
)
_EMPHASIS = re.compile(
    r"(?<!\d)(?<!\d\s)\*+|\*+(?!\s?\d)|~~+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)|`+|\|\|"
)
_HEADING = re.compile(r"^#{1,6}\s+|\s+#+$")
_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\ufe0e\ufe0f\u20e3\U000e0000-\U000e007f]\u200d?)+"
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+"
)
_BREAKING_TAG = re.compile(r"</?(?:br|p|li|div|h\d|t[drh])\b", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\s+(?=[,.;:!?…»”)])")
_SIMPLE_CODE = re.compile(r"[\w\s.\-/:@+#]{1,40}(?:\(\))?")
_SIMPLE_FORMULA = re.compile(r"[\w\s.,=+\-]{1,20}")
_SPACELESS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffff"  # from Thai to Chinese
_DENSE = re.compile(rf"[^\s{_SPACELESS}]{{{LONGEST_WORD},}}")
_AT_THE_END = re.compile(r"[\s\-–—(\[«“|/]+$")
_AT_THE_BEGINNING = re.compile(r"^[\s,;:–—)\]|/•]+")


def spoken(sentence: str, name: Name) -> str:
    """The sentence as it is said, empty where nothing in it can be said."""
    text = _MARKUP.sub(lambda found: _said(found, name), _HEADING.sub("", sentence))
    text = html.unescape(_EMPHASIS.sub("", text))
    text = _EMOJI.sub(" ", _UNSEEN.sub("", text))
    text = _DENSE.sub(" ", text)
    text = _SPACE_BEFORE.sub("", " ".join(text.split()))
    text = _AT_THE_BEGINNING.sub("", _AT_THE_END.sub("", text))
    return text if any(sign.isalnum() for sign in text) else ""


def prose(sentence: str) -> str:
    """Only the words of the sentence that are of its language: no code, address or formula."""
    return _MARKUP.sub(lambda found: found["text"] or " ", sentence)


def _said(found: re.Match[str], name: Name) -> str:
    part: Mapping[str, str | None] = found.groupdict()
    if (code := part["code"]) is not None:
        return _code(code, name)
    if (text := part["text"]) is not None:
        return spoken(text, name) if "](" not in text else text
    if url := part["address"] or part["url"]:
        return _link(url, name)
    if escaped := part["escaped"]:
        return escaped
    formula = part["display"] or part["dollars"] or part["round"] or part["square"]
    if formula:
        return _formula(formula, name)
    return " " if _BREAKING_TAG.match(found[0]) else ""


def _code(code: str, name: Name) -> str:
    """Names and short commands are read; what has more signs than that is named."""
    if not _SIMPLE_CODE.fullmatch(code.strip()):
        return name(Thing.CODE)
    return code.strip().removesuffix("()").replace("_", " ")


def _formula(formula: str, name: Name) -> str:
    bare = formula.strip()
    return bare if _SIMPLE_FORMULA.fullmatch(bare) else name(Thing.FORMULA)


def _link(url: str, name: Name) -> str:
    """The host of an address, with the signs that follow it in the sentence."""
    bare = url.rstrip(".,;:!?)]}*_'\"»")
    if bare.startswith("mailto:"):
        return bare.removeprefix("mailto:")
    try:
        host = urlsplit(bare if "://" in bare else f"https://{bare}").hostname or ""
    except ValueError:
        host = ""
    plain = host.removeprefix("www.")
    named = plain if re.fullmatch(r"[\w-]+(?:\.[\w-]+){1,3}", plain) else name(Thing.LINK)
    return named + url[len(bare) :]
