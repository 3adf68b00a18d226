"""A breaker opens, stays open, and closes by the book."""

from hypothesis import given
from hypothesis import strategies as st

from services.breaker import STRIKES, Breaker


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def test_it_opens_after_failures_in_a_row() -> None:
    """One or two may happen to anybody."""
    breaker = Breaker(Clock())
    opened = [breaker.failed(f"trouble {number}") for number in range(STRIKES + 1)]
    assert [False, False, True, False] == opened
    assert "trouble 2" == breaker.reason


def test_an_answer_between_failures_begins_the_count_anew() -> None:
    """Only a row of failures says that something is wrong."""
    breaker = Breaker(Clock())
    for _ in range(STRIKES):
        breaker.failed("trouble")
        breaker.worked()
    assert not breaker.open


def test_it_opens_at_once_when_nobody_is_there() -> None:
    """Trying again would only cost time."""
    breaker = Breaker(Clock())
    assert breaker.failed("refused", at_once=True)
    assert breaker.open


def test_who_has_recovered_is_on_probation() -> None:
    """A probe says less than an answer: the next failure opens it again."""
    breaker = Breaker(Clock())
    breaker.failed("refused", at_once=True)
    breaker.recovered()
    assert (False, "") == (breaker.open, breaker.reason)
    assert breaker.failed("trouble")
    assert 2 == breaker.rounds
    breaker.recovered()
    breaker.worked()
    assert (0, 0) == (breaker.rounds, breaker.strikes)


def test_it_knows_since_when_it_is_as_it_is() -> None:
    """The operator reads for how long something is down."""
    clock = Clock()
    breaker = Breaker(clock)
    clock.now = 107.0
    breaker.failed("refused", at_once=True)
    clock.now = 109.0
    breaker.failed("refused", at_once=True)
    assert 107.0 == breaker.since
    breaker.recovered()
    assert 109.0 == breaker.since


@given(st.lists(st.sampled_from(["failed", "down", "recovered", "worked"])))
def test_it_is_open_only_with_a_reason_and_after_a_failure(acts: list[str]) -> None:
    """No sequence of events leaves it in between."""
    breaker = Breaker(Clock())
    for act in acts:
        match act:
            case "failed" | "down":
                opened = breaker.failed("why", at_once=act == "down")
                assert not opened or breaker.open
            case "recovered":
                breaker.recovered()
                assert not breaker.open
            case "worked":
                breaker.worked()
                assert not breaker.open
        assert breaker.open == bool(breaker.reason)
