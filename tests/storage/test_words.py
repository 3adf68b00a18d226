"""Words are compared by their stems, and pages are cut where a reader would cut them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.cutting_pages import LONGEST, SHORTEST, cuts
from storage.folding import folded
from storage.stems import stem
from storage.words import MOST_WORDS, asked, indexed


@pytest.mark.parametrize(
    "forms",
    [
        "договор договора договору договором договоре договоры договоров договорами договорах",
        "страница страницы странице страницу страницей страницах страницами",
        "большой большая большое большие большого большую большими",
        "оплата оплаты оплату оплатой оплатить",
        "документ документи документа документів документом документах документами",
        "сторінка сторінки сторінку сторінкою сторінках сторінками",
        "великий велика велике великого великої великими великих",
        "об'єкт об’єкта обʼєкту об'єктами",
        "page pages PAGE Pages",
        "process processes processing processed",
        "summary summaries",
        "lease leases leasing leased",
        "ёлка елки ёлку",
        "диплом диплома дипломом дипломы",
        "система системы систем системами",
        "институт института институту институтов",
        "кредит кредита кредиты кредитами",
        "адвокат адвоката адвокати адвокатами",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    """Cases, numbers, genders, and the spelling of accents and apostrophes."""
    assert 1 == len({stem(folded(form)) for form in forms.split()})


@pytest.mark.parametrize("words", ["рост рот", "bus but", "2024 2025", "gas gap", "стол стул"])
def test_other_words_have_other_stems(words: str) -> None:
    """What is short or has figures keeps all that tells it apart."""
    assert 2 == len({stem(folded(word)) for word in words.split()})


def test_a_question_is_its_telling_words() -> None:
    """Each once, the longest first, in three languages."""
    assert ["rent"] == asked("What is the rent, and when is the rent?")
    assert ["арендатор", "плат"] == asked("Кто и что платит арендатору?")
    assert ["договор"] == asked("Що це за договори?")
    assert ["what", "is", "it"] == asked("What is it?")
    assert [] == asked(" ?!_* ")


def test_of_a_long_question_the_longest_words_are_kept() -> None:
    """However long it is, few words are looked for, and none is endless."""
    words = [f"{'x' * length}1" for length in range(1, 30)]
    assert words[: -MOST_WORDS - 1 : -1] == asked(" ".join(words))
    assert [40] == [len(word) for word in asked("x" * 5000)]


@given(st.text())
@example("䷀・゠")
def test_nothing_but_letters_and_digits_is_looked_for(text: str) -> None:
    """So no index can take any of it for an operator."""
    assert all(word.isalnum() and word for word in asked(text))
    assert all(word.isalnum() for word in indexed(text, {}).split(" ") if word)


@given(st.text(alphabet=" \n.!ab?\u3002", max_size=6000))
def test_the_passages_of_a_page_are_all_of_it(text: str) -> None:
    """Nothing is lost but blanks between them, nothing comes twice, none is too long."""
    made = list(cuts(text))
    rest, at = [], 0
    for cut in made:
        rest.append(text[at : cut.start])
        at = cut.start + cut.length
        assert 0 < cut.length <= LONGEST
    assert "" == "".join([*rest, text[at:]]).strip()


@pytest.mark.parametrize("border", ["\n\n", ". ", "\n", " "])
def test_a_page_is_cut_at_the_best_border(border: str) -> None:
    """A paragraph before a sentence, a sentence before a line, a line before a word."""
    weaker = {"\n\n": "x. y\nz ", ". ": "x\nyy z ", "\n": "xyz yz ", " ": "xyzxyzxy"}[border]
    first = (weaker * 200)[: SHORTEST + 100] + "end" + border
    made = list(cuts(first + weaker * 200))
    assert len(first.rstrip()) == made[0].length
    assert len(first) == made[1].start
