"""Sentences end where people end them, in English, Russian and Ukrainian."""

import pytest

from services.speakable.reader import PAUSES
from services.speakable.sentences import Border
from tests.services.speakable.reading import cut_words, read

ONE_SENTENCE = [
    "Mr. Smith met Dr. Brown.",
    "Take fruit, e.g. Apples.",
    "It weighs 3.5 kg.",
    "See fig. 3 for more.",
    "J. R. R. Tolkien wrote it.",
    "The U.S. Army came.",
    "I thought... maybe not.",
    "“Stop!” he said.",
    "Visit example.com today.",
    "Run `a. B` now.",
    "Read [it. All](http://a.b/c) now.",
    "So $a. B$ holds.",
    "Это т. е. правда.",
    "Он жил в г. Москве.",
    "Он жил на ул. Садовой.",
    "А. С. Пушкин писал.",
    "См. рис. 3 ниже.",
    "Яблоки, груши и т. д. лежат.",
    "«Стой!» — сказал он.",
    "Стоит 5 тыс. рублей.",
    "Він жив на вул. Садовій.",
    "Т. Г. Шевченко писав.",
    "Див. рис. 2 нижче.",
    "Коштує 100 грн. на день.",
    "Це було 5 р. тому.",
    "one line\nand another.",
]
TWO_SENTENCES = [
    ("Yes.", "It is."),
    ("Really?!", "No."),
    ("He said “Stop.”", "I stopped."),
    ("It is done (at last).", "Good."),
    ("Apples, pears, etc.", "Then nuts."),
    ("He is older than I.", "She is not."),
    ("No, he said no.", "Then he left."),
    ("It was 1990.", "We met."),
    ("Wait…", "What?"),
    ("**Bold.**", "Then thin."),
    ("Это было в 1999 г.", "Потом он уехал."),
    ("Яблоки, груши и т. д.", "Потом орехи."),
    ("Стоит 100 руб.", "Дорого."),
    ("Варите рис.", "Потом ешьте."),
    ("Коштує 100 грн.", "Дорого."),
    ("Він приїхав у 2020 р.", "Потім поїхав."),
    ("Он сказал: «Да».", "И ушёл."),
    ("你好。", "世界！"),
]


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_a_stop_inside_a_sentence_ends_nothing(text: str) -> None:
    """Abbreviations, decimals, initials, code, links and formulas keep theirs."""
    assert [" ".join(text.split())] == [one.text for one in cut_words(text)]


@pytest.mark.parametrize("sentences", TWO_SENTENCES)
def test_two_sentences_are_two(sentences: tuple[str, str]) -> None:
    """Quotes and brackets after the stop belong to the first."""
    between = "" if sentences[0][-1] == "。" else " "
    assert list(sentences) == [one.text for one in cut_words(between.join(sentences))]


def test_headings_and_items_are_sentences_of_their_own() -> None:
    """They have no stop, but a line of their own."""
    text = "# To do\n- wash\n- dry\n1. first\n2) second\n- [x] done\n\nafter"
    expected = ["To do", "wash", "dry", "1. first", "2. second", "done", "after"]
    assert expected == [one.text for one in cut_words(text)]


def test_a_line_that_begins_with_a_capital_is_a_new_sentence() -> None:
    """Models write lines without stops, as in verse or a recipe."""
    assert ["Two eggs", "A cup of milk"] == [
        one.text for one in cut_words("Two eggs\nA cup of milk")
    ]


LONG = [
    (
        "When the kettle boils at last, pour the water over the leaves.",
        ["When the kettle boils at last,", "pour the water over the leaves."],
    ),
    ("Well, I do not think so.", ["Well, I do not think so."]),
    ("We could go there by train today, really.", ["We could go there by train today, really."]),
    (
        "Коли вода закипить у чайнику, залийте нею листя чаю.",
        ["Коли вода закипить у чайнику,", "залийте нею листя чаю."],
    ),
    (
        "Он долго думал о том самом старом доме который стоял у реки.",
        ["Он долго думал о том самом старом доме", "который стоял у реки."],
    ),
    (
        "Столица этой очень большой страны — город у реки.",
        ["Столица этой очень большой страны —", "город у реки."],
    ),
    (
        "it was late in the evening. we all went to bed.",
        ["it was late in the evening.", "we all went to bed."],
    ),
]


@pytest.mark.parametrize(("text", "expected"), LONG)
def test_a_long_sentence_is_cut_between_clauses(text: str, expected: list[str]) -> None:
    """The last piece is short, so that it is soon said; but no piece is a stump."""
    assert expected == [one.text for one in cut_words(text)]


def test_a_sentence_without_any_border_is_cut_all_the_same() -> None:
    """A voice has to breathe."""
    assert [24, 24, 12] == [len(one.text.split()) for one in cut_words("word " * 60)]


def test_one_rests_longer_after_a_paragraph_than_after_a_clause() -> None:
    """The pauses tell how the text is built."""
    text = "If the kettle is already hot, you may pour the water. Then wait.\n\nDrink."
    expected = [Border.CLAUSE, Border.SENTENCE, Border.BLOCK, Border.BLOCK]
    assert [PAUSES[border] for border in expected] == [one.pause for one in read(text)]


def test_a_clause_without_a_comma_is_given_one() -> None:
    """A voice lets its tone fall where nothing follows."""
    text = "We went to the very old house by the river that nobody had seen."
    assert read(text)[0].text == "We went to the very old house by the river,"
