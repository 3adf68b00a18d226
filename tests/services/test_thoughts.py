"""What a model thinks aloud is told from what it answers."""

from hypothesis import given
from hypothesis import strategies as st

from services.thoughts import Listener


def heard(pieces: list[str]) -> Listener:
    """A listener that has heard the whole stream."""
    listener = Listener()
    for piece in pieces:
        listener.hear(piece)
    listener.finish()
    return listener


def test_thoughts_before_the_answer_are_taken_off() -> None:
    """What stands between the marks is thought, the rest is the answer."""
    listener = heard(["<think>two and two", "</think>\n\n", "Four."])
    assert (listener.thoughts, listener.answer) == ("two and two", "Four.")


def test_a_mark_in_the_answer_is_text() -> None:
    """An answer may speak about the marks themselves."""
    listener = heard(["Use <think> and </think> tags."])
    assert listener.answer == "Use <think> and </think> tags."


def test_a_model_that_was_started_in_thought_only_closes_it() -> None:
    """Some templates open the thought themselves, so only its end is heard."""
    listener = heard(["hmm</think>", "Yes."])
    assert (listener.thoughts, listener.answer) == ("hmm", "Yes.")


def test_a_thought_that_never_ends_is_no_answer() -> None:
    """Running out of tokens while thinking leaves nothing to show."""
    listener = heard(["<think>and then", " again"])
    assert (listener.thoughts, listener.answer) == ("and then again", "")


@given(st.data())
def test_it_does_not_matter_where_the_stream_is_cut(data: st.DataObject) -> None:
    """Any way of cutting the same stream is heard alike."""
    text = data.draw(
        st.sampled_from(
            [
                "<think>a < b</think>Yes: a < b.",
                "No thoughts, <think> is a word.",
                "<think>первая\nвторая</think>\n\nОтвет.",
                "  <thin king",
                "x</think>y",
            ]
        )
    )
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    ends = [*cuts, len(text)]
    pieces = [text[a:b] for a, b in zip([0, *cuts], ends, strict=True)]
    whole, parts = heard([text]), heard(pieces)
    assert (whole.thoughts, whole.answer) == (parts.thoughts, parts.answer)


@given(st.lists(st.text()))
def test_nothing_that_is_no_mark_is_lost(pieces: list[str]) -> None:
    """Without marks the answer is the stream."""
    text = "".join(pieces)
    if "<think>" not in text and "</think>" not in text:
        assert text.strip() == heard(pieces).answer
