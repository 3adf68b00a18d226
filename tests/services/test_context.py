"""What a model reads stays within its budget, and nothing is dropped unsummarised."""

from datetime import UTC, datetime

from domain.jobs import Job, Wish
from domain.messages import Incoming, Person, Place, Quote, Role, Turn
from services.context import Context, summary_request

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CONTEXT = Context("You are Hearthbot.", budget=200)


def job(text: str, *, about: Quote | None = None, wish: Wish = Wish.SAME) -> Job:
    """A question of Oksana's."""
    said = Incoming(Place(2), 7, Person(2, "Oksana", "uk"), text, about=about)
    return Job(1, "2", "chat", said, 1, 1, wish)


def test_the_model_is_told_the_date_and_the_language() -> None:
    """Both change what a good answer is."""
    text = CONTEXT.system(job("?"), "", NOW).text
    assert text == (
        "You are Hearthbot.\n\nToday is Monday, 2026-11-23. The user's language is Ukrainian."
    )


def test_a_summary_and_a_wish_are_part_of_the_system_prompt() -> None:
    """What was said long ago is not lost, and a button changes the length."""
    text = CONTEXT.system(job("?", wish=Wish.SHORTER), "They like tea.", NOW).text
    assert text.endswith("Summary of the conversation so far:\nThey like tea.")
    assert "shorter" in text


def test_what_is_replied_to_stands_above_the_question() -> None:
    """A reply is about something."""
    turn = CONTEXT.question(job("Why?", about=Quote(3, "It rains.\nIt pours.", ours=True)))
    assert Turn(Role.USER, "> It rains.\n> It pours.\n\nWhy?") == turn


def test_a_question_larger_than_the_budget_does_not_fit() -> None:
    """It is refused before a model is asked."""
    assert CONTEXT.fits_alone(job("short"), NOW)
    assert not CONTEXT.fits_alone(job("long " * 200), NOW)


def test_a_summary_is_asked_for_with_what_was_summarised_before() -> None:
    """A rolling summary keeps what the last one kept."""
    asked = summary_request("old", [Turn(Role.USER, "a"), Turn(Role.ASSISTANT, "b")])
    assert asked[1].text == "Summary so far:\nold\n\nuser: a\nassistant: b"
