"""Words of questions that say nothing about what is asked for: English, Russian, Ukrainian."""

from __future__ import annotations

from storage.folding import folded

_ENGLISH = """
a about all also am an and any are as at be been but by can could did do does for from had has have
how i if in into is it its me my not of on or our please say says shall should so some than that the
their them then there these they this those to us was we were what when where which who whom whose
why will with would you your
"""
_RUSSIAN = """
а без бы был была были было быть в вам вас весь во вот все всё вы где да для до его ее её если есть
еще ещё же за и из или им их к как какая какие какого какое какой какую ко когда кого кому которая
которые который кто ли меня мне можно мой мы на над нам нас не него нее неё нет ни них но о об он
она они оно от по под при про с сам со так также там те тебя тем то того тоже той только том ты у
уже чего чей чем что чтобы эта эти это этого этой этом этот эту я
"""
_UKRAINIAN = """
або але б без би був була були було бути в вам вас ваш весь вже ви від він вона вони воно все всі да
де для до є її його за з зі із і й їм їх й коли кого кому котрий ли мене мені ми можна мій на над
нам нас не него немає ні них ну о об один по при про саме свій себе та так також там те тебе ти то
того той тому тільки у це цей цього ця ці чи чим чого що щоб як яка який яких якого яке якої які
якщо я
"""

STOP_WORDS = frozenset(folded(f"{_ENGLISH} {_RUSSIAN} {_UKRAINIAN}").split())
"""They are in the index, so that a question of nothing else still finds something."""
