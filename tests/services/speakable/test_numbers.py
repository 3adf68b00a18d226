"""Numbers and signs are read as people read them, in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.speakable.numbers import in_words
from services.speakable.numerals import LANGUAGES
from services.speakable.units import UNITS, noun
from tests.services.speakable.reading import read, texts

ENGLISH = [
    ("5 km", "five kilometers"),
    ("1 km and 21 km", "one kilometer and twenty-one kilometers"),
    ("21 °C", "twenty-one degrees Celsius"),
    ("3.5 % or 50%", "three point five percent or fifty percent"),
    ("-5 °C", "minus five degrees Celsius"),
    ("16GB", "sixteen gigabytes"),
    ("5 min. later", "five minutes later"),
    ("10:30, 10:05 and 9:00", "ten thirty, ten oh five and nine o'clock"),
    ("10:00 am or 17:00", "ten a m or seventeen hundred"),
    ("on 2026-11-25", "on November twenty-fifth, twenty twenty-six"),
    ("11/25/2026 or 25/11/2026", " or ".join(["November twenty-fifth, twenty twenty-six"] * 2)),
    ("May 5, 2026", "May fifth, twenty twenty-six"),
    ("the 21st of May", "the twenty-first of May"),
    ("on 5 May 1905", "on the fifth of May, nineteen oh-five"),
    ("in 1990", "in nineteen ninety"),
    ("from 1990-1995", "from nineteen ninety to nineteen ninety-five"),
    ("the 1990s", "the nineteen nineties"),
    ("1990 people", "one thousand nine hundred and ninety people"),
    ("$5 and $1", "five dollars and one dollar"),
    ("$5.50 or 5.5 €", "five dollars fifty cents or five point five euros"),
    ("$5 million, $3M", "five million dollars, three million dollars"),
    ("1,234,567", "one million two hundred and thirty-four thousand five hundred and sixty-seven"),
    ("5–10 km", "five to ten kilometers"),
    ("pages 10-20", "pages ten to twenty"),
    ("it ended 3-1", "it ended three one"),
    ("+1 (555) 123-4567", "plus one, five five five, one two three, four five six seven"),
    ("007", "zero zero seven"),
    ("12345678", "one two three, four five six, seven eight"),
    ("version 3.11.4, v2.0", "version three point eleven point four, version two point zero"),
    (
        "192.168.0.1",
        "one hundred and ninety-two point one hundred and sixty-eight point zero point one",
    ),
    ("No. 5, #3 and № 4", "Number five, number three and number four"),
    ("R&D, you & me", "R and D, you and me"),
    ("2 + 2 = 4", "two plus two equals four"),
    ("1920x1080", "one thousand nine hundred and twenty by one thousand and eighty"),
    ("1/2, ¾ and 5/7", "one half, three quarters and five slash seven"),
    ("> 5 or ~10", "more than five or about ten"),
    ("~$20/month, +3 °C", "about twenty dollars per month, plus three degrees Celsius"),
    ("a 5-year-old", "a five-year-old"),
    ("4K, 3D, COVID-19, H2O", "4K, 3D, COVID-nineteen, H2O"),
    ("e.g. apples, etc.", "for example apples, et cetera."),
    ("3.14159", "three point one four one five nine"),
]
RUSSIAN = [
    ("5 км", "пять километров"),
    ("1 км, 2 км, 21 км", "один километр, два километра, двадцать один километр"),
    ("2 т и 22 мин", "две тонны и двадцать две минуты"),
    ("21 °C", "двадцать один градус Цельсия"),
    ("3,5 %", "три целых пять десятых процента"),
    ("1 минута, 2 минуты, 5 минут", "одна минута, две минуты, пять минут"),
    ("2 тысячи, 2 часа, 2 мужчины", "две тысячи, два часа, два мужчины"),
    ("1 яблоко, 21 книга", "одно яблоко, двадцать одна книга"),
    ("2 большие книги, 2 больших стола", "две большие книги, два больших стола"),
    ("2 ст. л. соли, 1 морковь", "две столовые ложки соли, одна морковь"),
    ("через 1 минуту", "через одну минуту"),
    ("в 5 километрах, к 5 часам", "в пяти километрах, к пяти часам"),
    ("с 5 яблоками", "с пятью яблоками"),
    ("около 5 км, от 21 км", "около пяти километров, от двадцати одного километра"),
    ("10:30 и 10:05", "десять тридцать и десять ноль пять"),
    (
        "Дата: 25.11.2026",
        "Дата: двадцать пятое ноября две тысячи двадцать шестого года",
    ),
    ("2026-11-25", "двадцать пятое ноября две тысячи двадцать шестого года"),
    ("9 мая 1945 г. кончилась", "девятого мая тысяча девятьсот сорок пятого года кончилась"),
    ("к 9 мая", "к девятому мая"),
    ("в 2026 году", "в две тысячи двадцать шестом году"),
    ("в 1999 г.", "в тысяча девятьсот девяносто девятом году."),
    ("2026 год", "две тысячи двадцать шестой год"),
    ("в 1990-х", "в тысяча девятьсот девяностых"),
    ("$5, 50 €, 100 грн", "пять долларов, пятьдесят евро, сто гривен"),
    ("2 грн и 100 руб. за всё", "две гривны и сто рублей за всё"),
    ("5,50 грн", "пять гривен пятьдесят копеек"),
    ("5 млн грн, 2 тыс. рублей", "пять миллионов гривен, две тысячи рублей"),
    ("1 000 000 и 1,5", "один миллион и одна целая пять десятых"),
    ("5–10 минут", "пять – десять минут"),
    ("от 5 до 10 кг", "от пяти до десяти килограмм"),
    ("8-800-555-35-35", "восемь, восемь ноль ноль, пять пять пять, три пять, три пять"),
    ("Python 3.11 и 3.11.4", "Python три точка одиннадцать и три точка одиннадцать точка четыре"),
    ("№ 5, 5-й, 5-я, 5-летний", "номер пять, пятый, пятая, пятилетний"),
    ("2 × 3 = 6", "два на три равно шесть"),
    ("т. е. яблоки и т. д.", "то есть яблоки и так далее."),
]
UKRAINIAN = [
    ("5 км", "п'ять кілометрів"),
    ("1 км, 2 км, 21 км", "один кілометр, два кілометри, двадцять один кілометр"),
    ("2 т і 22 хв", "дві тонни і двадцять дві хвилини"),
    ("21 °C", "двадцять один градус Цельсія"),
    ("3,5 %", "три цілих п'ять десятих відсотка"),
    ("1 хвилина, 2 хвилини, 5 хвилин", "одна хвилина, дві хвилини, п'ять хвилин"),
    ("2 тисячі, 2 роки", "дві тисячі, два роки"),
    ("1 яблуко, 21 книга", "одне яблуко, двадцять одна книга"),
    ("близько 5 км", "близько п'яти кілометрів"),
    ("о 10:30 або 10:05", "о десятій тридцять або десять нуль п'ять"),
    ("2026-11-25", "двадцять п'яте листопада дві тисячі двадцять шостого року"),
    (
        "до 25.11.2026",
        "до двадцять п'ятого листопада дві тисячі двадцять шостого року",
    ),
    ("у 2026 році", "у дві тисячі двадцять шостому році"),
    ("2023 рік і 100 років", "дві тисячі двадцять третій рік і сто років"),
    ("з 2023 року", "з дві тисячі двадцять третього року"),
    ("у 90-х", "у дев'яностих"),
    ("$5, 50 €, 100 грн", "п'ять доларів, п'ятдесят євро, сто гривень"),
    ("2 грн. і 5,50 грн", "дві гривні і п'ять гривень п'ятдесят копійок"),
    ("2 тис. гривень", "дві тисячі гривень"),
    ("5–10 хвилин", "п'ять – десять хвилин"),
    ("2 год 5 хв", "дві години п'ять хвилин"),
    ("0441234567", "нуль чотири чотири, один два три, чотири п'ять шість, сім"),
    ("№ 5, 5-й, 3-я, 5-річний", "номер п'ять, п'ятий, третя, п'ятирічний"),
    ("1/2 або 3,14", "одна друга або три цілих чотирнадцять сотих"),
]
TABLE = [
    (language, *row)
    for language, rows in zip(LANGUAGES, (ENGLISH, RUSSIAN, UKRAINIAN), strict=True)
    for row in rows
]


@pytest.mark.parametrize(("language", "written", "expected"), TABLE)
def test_numbers_are_read_as_people_read_them(language: str, written: str, expected: str) -> None:
    """In the gender and case that the words around them ask for."""
    assert expected == in_words(written, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", sorted(set(UNITS.values())))
def test_every_unit_has_a_name(unit: str, language: str) -> None:
    """The CLDR knows each of them in each language, and no name has a number left in it."""
    known = noun(unit, language)
    assert all(name and not any(map(str.isdigit, name)) for name in (known.one, known.many))


SIGNS = [
    *"0123456789.,:-–/+=x%$€№&~<>() ½²٣",
    *("км ", " год", "-й", "-летний", "st", "T", "M", " млн", " грн", " г.", " року", " мая "),
    *("May ", " in ", "около ", "Python "),
]


@given(st.lists(st.sampled_from(SIGNS), max_size=30).map("".join), st.sampled_from(LANGUAGES))
def test_whatever_is_written_in_digits_is_read(written: str, language: str) -> None:
    """Nothing raises, and no sign becomes a speech."""
    assert len(in_words(written, language)) < 100 * len(written) + 1


@given(st.text(max_size=100), st.sampled_from(LANGUAGES))
def test_any_text_is_read(text: str, language: str) -> None:
    """Whatever signs there are in Unicode."""
    assert isinstance(in_words(text, language), str)


def test_huge_numbers_are_read_digit_by_digit_or_left_out() -> None:
    """Nobody takes in a number of 300 digits, and some would never end."""
    assert in_words("1" + "0" * 20, "en").startswith("one zero zero, zero")
    assert ["It is"] == texts("It is 1" + "0" * 300)


def test_a_language_that_nobody_taught_us_keeps_its_digits() -> None:
    """Its voice reads them as it can."""
    assert in_words("5 km", "de") == "5 km"


def test_each_sentence_has_its_numbers_in_its_own_language() -> None:
    """A Russian five beside an English one."""
    said = read("It is 5 km away from the city.\n\nЭто 5 км от города.")
    assert [
        ("It is five kilometers away from the city.", "en"),
        ("Это пять километров от города.", "ru"),
    ] == [(one.text, one.language) for one in said]
