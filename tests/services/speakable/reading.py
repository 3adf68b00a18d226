"""Reads texts aloud for the tests, in one piece or as they grow."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from services.speakable.pieces import Thing
from services.speakable.reader import Reader, Utterance
from services.speakable.sentences import Cut, Cutter
from services.speakable.structure import Structure
from services.words import Words

WORDS = Words(Path("no catalogues, so that all is said in English"))

MARKDOWN = """# Rice 🍚

Boil **two cups** of water, e.g. in a `small_pot`, then add one cup of rice and some salt. Wait...

1. Wash it. See [the "guide"](https://example.com/a_(b)).
2. Salt $x^2 + 1$ and `print("x. Y")`.

```python
print("Not this. Or this.")
```

| a | b |
|---|---|
| 1 | 2 |

> Пушкин А. С. жил на ул. Садовой, т. е. рядом, и т. д. «Правда?» — спросил он. Так, це дуже добре!

$$
e = mc^2
$$
<think>Hm.</think>It costs $5 or 5$, 3.5 % more than on 25.11.2026. 你好。世界！
"""


def grown(pieces: Iterable[str], person: str = "en") -> list[Utterance]:
    """What is said of an answer that grows by these pieces."""
    reader, answer, said = Reader(person, WORDS.speak), "", []
    for piece in pieces:
        answer += piece
        said += reader.feed(answer)
    return said + reader.finish()


def read(answer: str, person: str = "en") -> list[Utterance]:
    """What is said of an answer that comes at once."""
    return grown([answer], person)


def texts(answer: str, person: str = "en") -> list[str]:
    """Only the words of what is said."""
    return [utterance.text for utterance in read(answer, person)]


def cut(text: str, at: Iterable[int]) -> list[str]:
    """The text in pieces, cut at these places."""
    edges = [0, *sorted(min(one, len(text)) for one in at), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


def cut_words(text: str) -> list[Cut]:
    """The cuts of a text, before anything is left out or said otherwise."""
    cutter = Cutter()
    found = [
        one
        for piece in Structure().feed(text, whole=True)
        if not isinstance(piece, Thing)
        for one in cutter.take(piece)
    ]
    return found + list(cutter.finish())
