"""What somebody was heard to say stands as a quotation above the answer, in drafts, too."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.body import Body, compose
from bot.delivery.calls import DraftText
from bot.delivery.frames import Labels, draft_frame, has_text, live_frame
from bot.delivery.markdown import FOLDED_FROM
from bot.delivery.parts import LIMIT, Part, units
from domain.answers import Button, Draft, Progress, Reply
from domain.jobs import Job
from domain.messages import Incoming, Person, Place
from storage.jobs import Filed
from tests.bot.delivery.way import Delivery
from tests.telegram import Person as Somebody

PRIVATE, GROUP = Place(1), Place(-100, None, private=False)
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"
QUOTES = {"blockquote", "expandable_blockquote"}
LABELS = Labels(stop="Stop", thinking="Thinking…", cancel="Cancel")

WORDS = st.sampled_from(["yes", "no\n\n", "Привет", "👩‍👩‍👧", "🤔" * 40, "x" * 700, "ї", "a\nb"])
SPEECH = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


def composed(reply: Reply, place: Place = PRIVATE) -> list[Body]:
    """The bodies of a reply."""
    stored = compose(reply, place)
    return [Body.from_json(one) for one in stored if not isinstance(one, Filed)]


def inside(part: Part, kinds: Sequence[str] | set[str]) -> str:
    """What some entities of a part cover."""
    wire = part.text.encode("utf-16-le")
    covered = [
        wire[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        for one in part.entities
        if one["type"] in kinds
    ]
    return "\n".join(covered)


def job(place: Place = PRIVATE) -> Job:
    """A job that is watched."""
    said = Incoming(place, 7, Person(1, "Ann", "en"), "")
    return Job(1, place.lane, "chat", said, attempts=1, answer=1)


def drafted(seen: Draft | Progress, *, rich: bool = False) -> Part:
    """What a native draft shows."""
    frame = draft_frame(job(), seen, rich=rich)
    assert isinstance(frame, DraftText)
    return Part(frame.text or "", tuple(frame.entities or ()))


@pytest.mark.parametrize(("length", "kind"), [(0, "blockquote"), (1, "expandable_blockquote")])
def test_what_is_long_is_folded(length: int, kind: str) -> None:
    """It opens on a tap."""
    heard = "a" * (FOLDED_FROM + length)
    (body,) = composed(Reply("Yes", heard=heard))
    assert heard == inside(body.part, [kind])


@pytest.mark.parametrize("thoughts", ["", "Hm"])
def test_above_a_rich_answer_it_is_a_message_of_its_own(thoughts: str) -> None:
    """A rich message has no place for it; the thoughts share its message."""
    above, answer = composed(Reply(TABLE, heard="Show it", thoughts=thoughts))
    assert (TABLE, "Show it") == (answer.rich, above.part.text.partition("\n")[0])
    assert 1 + bool(thoughts) == len(above.part.entities)


def test_alone_it_is_a_message() -> None:
    """A transcript without an answer; the buttons are under it."""
    rows = ((Button("It was Ukrainian", "tongue:uk"),),)
    (body,) = composed(Reply("", rows=rows, heard="Hello"))
    assert ("Hello", rows) == (body.part.text, body.rows)


@pytest.mark.parametrize("heard", ["", " \n", "\u200b"])
def test_nothing_heard_is_no_quotation(heard: str) -> None:
    """What cannot be seen is left out, everywhere."""
    (body,) = composed(Reply("Yes", heard=heard))
    assert Part("Yes") == body.part == drafted(Draft("Yes", heard))
    assert not has_text(Draft("", heard))


@given(heard=SPEECH, text=SPEECH | st.just(""), thoughts=SPEECH | st.just(""), group=st.booleans())
def test_nothing_is_lost_however_long_it_is(
    heard: str, text: str, thoughts: str, *, group: bool
) -> None:
    """Each message fits; the quotations are what was heard and thought, in order, and only that."""
    heard, thoughts = heard[:1500], thoughts[:1500]
    reply = Reply(text, heard=heard, thoughts=thoughts, plain=True)
    bodies = composed(reply, GROUP if group else PRIVATE)
    assert all(0 < units(body.part.text) <= LIMIT for body in bodies)
    for body in bodies:
        ends = [one["offset"] + one["length"] for one in body.part.entities]
        assert all(0 < end <= units(body.part.text) for end in ends)
    said = " ".join(body.part.text for body in bodies)
    assert bare(heard + thoughts + text) == bare(said)
    quotations = " ".join(inside(body.part, QUOTES) for body in bodies)
    assert bare(heard + thoughts) == bare(quotations)


def bare(text: str) -> str:
    """A text without its white space, which a cut may take away."""
    return "".join(text.split())


@given(heard=SPEECH, text=SPEECH | st.just(""))
def test_a_draft_shows_it_above_what_fits(heard: str, text: str) -> None:
    """The quotation begins as what was heard; the end of the answer is what it would be alone."""
    shown, alone = drafted(Draft(text, heard)), drafted(Draft(text))
    assert 0 < units(shown.text) <= LIMIT
    assert shown.text.endswith(alone.text)
    quotation = inside(shown, QUOTES).removesuffix("…")
    assert heard.strip().startswith(quotation)
    assert quotation or units(alone.text) > LIMIT - 200


def test_a_draft_can_be_the_quotation_alone() -> None:
    """People read at once what was heard, while the answer is still to come."""
    assert ("Hello", "Hello") == (
        drafted(Draft("", "Hello")).text,
        inside(drafted(Draft("", "Hello")), QUOTES),
    )
    assert has_text(Draft("", "Hello"))


def test_a_draft_with_a_quotation_is_never_rich() -> None:
    """It has to show both in one message."""
    assert drafted(Draft(TABLE, "Show it"), rich=True).text.startswith("Show it\n")


def test_a_live_message_has_it_too() -> None:
    """Groups see the same, with a button to stop."""
    body = live_frame(job(GROUP), Draft("Yes", "Really?"), LABELS)
    assert ("Really?\nYes", "Really?") == (body.part.text, inside(body.part, QUOTES))
    assert body.rows


async def test_it_arrives_as_telegram_shows_quotations(delivery: Delivery, ann: Somebody) -> None:
    """The server takes the entities as they are, folded or not."""
    asked = await delivery.ask(ann, "Hello?")
    await delivery.answer(asked, Reply("Yes\n\nand **more**", heard="Long 🤔 speech. " * 400))
    await delivery.settled()
    (message,) = await ann.replies()
    assert ["expandable_blockquote", "bold"] == [one["type"] for one in message["entities"]]
    assert message["text"].endswith("…\nYes\n\nand more")
