"""Languages as speech models name them: in English, or by codes that are not always two letters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = """
afrikaans af albanian sq amharic am arabic ar armenian hy assamese as azerbaijani az bashkir ba
basque eu belarusian be bengali bn bosnian bs breton br bulgarian bg burmese my cantonese zh
castilian es catalan ca chinese zh croatian hr czech cs danish da dutch nl english en estonian et
faroese fo finnish fi flemish nl french fr galician gl georgian ka german de greek el gujarati gu
haitian ht hausa ha hebrew he hindi hi hungarian hu icelandic is indonesian id italian it
japanese ja javanese jv kannada kn kazakh kk khmer km korean ko lao lo latin la latvian lv
letzeburgesch lb lingala ln lithuanian lt luxembourgish lb macedonian mk malagasy mg malay ms
malayalam ml maltese mt mandarin zh maori mi marathi mr moldavian ro moldovan ro mongolian mn
myanmar my nepali ne norwegian no nynorsk nn occitan oc panjabi pa pashto ps persian fa polish pl
portuguese pt punjabi pa pushto ps romanian ro russian ru sanskrit sa serbian sr shona sn sindhi sd
sinhala si sinhalese si slovak sk slovenian sl somali so spanish es sundanese su swahili sw
swedish sv tagalog tl tajik tg tamil ta tatar tt telugu te thai th tibetan bo turkish tr
turkmen tk ukrainian uk urdu ur uzbek uz valencian ca vietnamese vi welsh cy yiddish yi yoruba yo
"""


def _paired(words: list[str]) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(words[::2], words[1::2], strict=True)))


CODES = _paired(_NAMES.split())
"""Two-letter codes by English names; of a name of two words the first stands here."""

_ODD = MappingProxyType({"jw": "jv", "iw": "he", "yue": "zh"})
UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "km", "bo"})
"""The languages that put no space between two sentences."""


def code(name: str) -> str:
    """The two-letter code of "Ukrainian", "uk" or "uk_UA"; empty where there is none."""
    first = name.strip().lower().replace("_", "-").replace(" ", "-").split("-")[0]
    found = CODES.get(first) or _ODD.get(first) or first
    return found if len(found) == 2 and found.isascii() and found.isalpha() else ""
