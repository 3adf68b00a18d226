"""Of two programs with one token, the one that came later gives way."""

from dataclasses import dataclass

from bot.rivalry import FORGOTTEN, NEWCOMER, SETTLED, SETTLER, Rivalry


@dataclass
class Clock:
    """A clock to turn."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def lost(rivalry: Rivalry) -> int:
    """How many polls it loses until it gives way."""
    return next(count for count in range(1, 100) if rivalry.lose())


def test_a_newcomer_gives_way_first() -> None:
    """Who has hardly listened bears fewer lost polls than who was there before."""
    clock = Clock()
    newcomer, settler = Rivalry(clock), Rivalry(clock)
    settler.won()
    clock.now += SETTLED
    newcomer.won()
    assert NEWCOMER == lost(newcomer)
    assert SETTLER == lost(settler)
    assert NEWCOMER < SETTLER


def test_polls_won_in_between_end_no_dispute() -> None:
    """In a busy chat both win a poll now and then; they still must not both stay for ever."""
    clock = Clock()
    rivalry = Rivalry(clock)
    rivalry.won()
    told = []
    for _ in range(NEWCOMER):
        clock.now += 1
        told.append(rivalry.lose())
        rivalry.won()
    assert [False] * (NEWCOMER - 1) + [True] == told


def test_a_dispute_of_long_ago_is_forgotten() -> None:
    """Each restart of the other program may cost a poll, for as many days as there are."""
    clock = Clock()
    rivalry = Rivalry(clock)
    for _ in range(3 * SETTLER):
        assert not rivalry.lose()
        clock.now += FORGOTTEN + 1
        rivalry.won()
