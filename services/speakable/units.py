"""Units of measure: how they are written, and their names from the CLDR."""

from __future__ import annotations

import re

from services.speakable.nouns import Noun

_TONNE = re.compile(r"^метричн\w+ ")  # in Ukrainian, where a tonne is no other

_SYMBOLS = """
length-kilometer km км
length-meter m м
length-centimeter cm см
length-millimeter mm мм
length-micrometer µm μm um мкм
length-nanometer nm нм
length-mile mi mile
length-foot ft
length-yard yd
area-square-meter m² m2 м² м2 кв.м sqm
area-square-kilometer km² km2 км² км2
area-square-centimeter cm² см²
area-square-foot sqft
area-hectare ha га
volume-cubic-meter m³ m3 м³ м3 куб.м
volume-cubic-centimeter cm³ см³
volume-liter L l л
volume-tablespoon tbsp ст._л ст.л
volume-teaspoon tsp ч._л ч.л
volume-milliliter mL ml мл
mass-kilogram kg кг
mass-gram g г
mass-milligram mg мг
mass-microgram µg μg mcg мкг
mass-tonne т
mass-pound lb lbs
mass-ounce oz
digital-kilobyte kB KB кБ КБ
digital-megabyte MB МБ Мб
digital-gigabyte GB GiB ГБ Гб
digital-terabyte TB ТБ Тб
digital-megabit Mbit Мбит Мбіт
digital-gigabit Gbit Гбит Гбіт
digital-bit бит біт
duration-millisecond ms мс
duration-microsecond µs μs мкс
duration-nanosecond ns нс
duration-second s sec secs сек
duration-minute min mins мин хв
duration-hour h hr hrs ч год
temperature-celsius °C °С ℃
temperature-fahrenheit °F ℉
angle-degree °
concentr-percent %
concentr-permille ‰
speed-kilometer-per-hour km/h kmh км/ч км/год
speed-meter-per-second m/s м/с
speed-mile-per-hour mph
power-watt W Вт
power-kilowatt kW кВт
power-megawatt MW МВт
power-horsepower hp л.с к.с
energy-kilowatt-hour kWh кВт·ч кВтч кВт·год
energy-kilocalorie kcal ккал
energy-calorie cal кал
energy-joule J Дж
energy-kilojoule kJ кДж
electric-volt V В
electric-ampere А
electric-milliampere mA мА
electric-ohm Ω Ом
frequency-hertz Hz Гц
frequency-kilohertz kHz кГц
frequency-megahertz MHz МГц
frequency-gigahertz GHz ГГц
force-newton Н
pressure-pascal Pa Па
pressure-kilopascal kPa кПа
pressure-megapascal MPa МПа
pressure-hectopascal hPa гПа
pressure-millimeter-ofhg mmHg мм.рт.ст
pressure-bar bar бар
graphics-pixel px пикс пікс
graphics-megapixel MP Мп
graphics-dot-per-inch dpi
light-lumen lm лм
light-lux lx лк
"""
UNITS = {
    symbol.replace("_", " "): line.split()[0]
    for line in _SYMBOLS.strip().splitlines()
    for symbol in line.split()[1:]
}
"""The CLDR's name of the unit for each way to write it; "_" stands for a space there."""


def noun(unit: str, language: str) -> Noun:
    """The unit's name in all its forms."""
    from babel.units import format_unit  # noqa: PLC0415 - its tables are dear

    said = (format_unit(value, unit, locale=language, format="0") for value in (1, 2, 5, 1.5))
    return Noun(*(_TONNE.sub("", one.split(maxsplit=1)[-1]) for one in said))
