"""Abbreviations in English, Russian and Ukrainian whose stop need not end a sentence."""

from __future__ import annotations

_NEVER = (
    # English
    "mr mrs ms dr prof sr jr st mt gen col capt lt sgt rev hon gov pres sen rep vs e.g i.e cf viz"
    " al approx dept univ assn ave blvd jan feb apr jun jul aug sep sept oct nov dec ca"
    # Russian
    " т т.е т.к т.н т.о напр см ср с г ул пл пер просп пр-т бул наб д кв корп обл р-н им проф"
    " акад доц канд докт св гр г-н г-жа тов инж зам зав пом ред изд сост прим илл моб ориент"
    " прибл янв фев февр апр авг сент окт нояб дек англ нем фр лат греч укр рус итал исп яп"
    # Ukrainian
    " див вул пров бульв буд м смт ім п-н п-ні заст упоряд орієнт бл січ лют бер квіт трав черв"
    " лип серп вер жовт листоп груд"
)
NEVER = frozenset(_NEVER.split())
"""What is always followed by more: titles, streets, months, and "e.g."."""

_SOMETIMES = (
    # English
    "etc a.m p.m inc ltd co corp bros oz lb hr hrs b.c a.d ph.d m.d b.a m.a"
    # Russian
    " т.д т.п др пр проч гг вв руб коп тыс млн млрд трлн мин сек час км см мм кг мл шт экз чел"
    " н.э эт л.с кв.м куб.м до.н.э"
    # Ukrainian
    " ін тощо грн тис хв год рр ос люд"
)
SOMETIMES = frozenset(_SOMETIMES.split())
"""What ends a sentence only where a capital letter follows."""

_BEFORE_A_NUMBER = (
    "no nos fig figs vol vols p pp ch sec art ext tel max min mar"
    " рис табл гл разд стр п пп ст тел факс доб макс мін"
)
BEFORE_A_NUMBER = frozenset(_BEFORE_A_NUMBER.split())
"""What is followed by a number, and is a word like any other where none follows."""

COUNTED = frozenset("грвмсдчлп")
"""What is a unit or a year after a number, and ends a sentence as any other unit may."""
