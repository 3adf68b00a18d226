"""Nouns that are counted, in the form that their number asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.speakable.numerals import Form, Number, ends_in, number


@dataclass(frozen=True, slots=True)
class Noun:
    """The forms of a noun after numbers: one, a few, many, and of a part.

    The last is the genitive of one in Russian and Ukrainian. In English the last three are one.
    """

    one: str
    few: str
    many: str
    part: str

    def counted(self, value: Number, language: str, form: Form) -> str:
        """The number and the noun."""
        said = number(value, language, self.agreed(form, language))
        return f"{said} {self._after(value, language, form)}"

    def agreed(self, form: Form, language: str) -> Form:
        """The form of a number before this noun."""
        feminine = language != "en" and self.one.split()[0].endswith(("а", "я"))
        return replace(form, gender="f" if feminine else "m")

    def _after(self, value: Number, language: str, form: Form) -> str:
        if language == "en":
            return self.one if value == Number(1) else self.many
        if value.fraction:
            return self.part
        last = ends_in(value.whole)
        if form.case == "g":
            return self.part if last == 1 else self.many
        return {0: self.many, 1: self.one}.get(last, self.few)
