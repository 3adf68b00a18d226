"""A reply becomes bodies, and a stored body is the body that it was."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.body import Body, compose
from bot.delivery.calls import editing, sending
from bot.delivery.parts import LIMIT, Part, units
from domain.answers import Button, Reply
from domain.messages import Place
from storage.jobs import Filed

PRIVATE, GROUP = Place(1), Place(-100, None, private=False)
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"

BUTTONS = st.builds(Button, st.text(min_size=1, max_size=9), st.just("again:1"))
BODIES = st.builds(
    Body,
    part=st.builds(
        Part,
        st.text(max_size=30),
        st.tuples(st.just({"type": "bold", "offset": 0, "length": 1})) | st.just(()),
    ),
    rich=st.text(max_size=9),
    rows=st.lists(st.lists(BUTTONS, max_size=3).map(tuple), max_size=3).map(tuple),
    reply_to=st.none() | st.integers(1, 9),
    silent=st.booleans(),
)


@given(BODIES)
def test_a_stored_body_is_the_same_body(body: Body) -> None:
    """Nothing gets lost between composing and sending."""
    assert body == Body.from_json(body.to_json())


def composed(reply: Reply, place: Place = PRIVATE, reply_to: int | None = None) -> list[Body]:
    """The bodies of a reply."""
    return [read(stored) for stored in compose(reply, place, reply_to)]


def read(stored: str | Filed) -> Body:
    """The body that was stored."""
    return Body.from_json(stored.body if isinstance(stored, Filed) else stored)


def test_the_first_body_replies_and_the_last_has_the_buttons() -> None:
    """A long answer hangs on its question at one end and ends with its buttons."""
    rows = ((Button("Again", "again:1"),),)
    first, *_, last = composed(Reply("word " * 2500, rows=rows), GROUP, 7)
    assert (7, ()) == (first.reply_to, first.rows)
    assert (None, rows) == (last.reply_to, last.rows)


def kinds(body: Body) -> list[tuple[str, int, int]]:
    """What is formatted, from where, and how long."""
    return [(one["type"], one["offset"], one["length"]) for one in body.part.entities]


def test_what_was_heard_stands_above_the_answer() -> None:
    """One message: a quotation, and under it what is answered, with its formatting."""
    (body,) = composed(Reply("**Yes** 👍", heard="Is it 🐝?"))
    assert body.part.text == "Is it 🐝?\nYes 👍"
    assert [("blockquote", 0, 9), ("bold", 10, 3)] == kinds(body)


def test_a_long_recording_is_folded() -> None:
    """And cut, so that the answer still has room below it."""
    (body,) = composed(Reply("Yes", heard="word " * 100))
    assert "expandable_blockquote" == body.part.entities[0]["type"]
    (body,) = composed(Reply("Yes", heard="word " * 5000))
    assert body.part.text.endswith("word…\nYes")
    assert units(body.part.text) <= LIMIT


def test_what_was_heard_stands_above_thoughts_and_plain_texts() -> None:
    """First what was asked, then what was thought, then the answer."""
    (body,) = composed(Reply("*Yes*", heard="Is it?", thoughts="Hm", plain=True))
    assert "Is it?\nHm\n*Yes*" == body.part.text
    assert [("blockquote", 0, 6), ("expandable_blockquote", 7, 2)] == kinds(body)


def test_above_a_table_it_is_a_message_of_its_own() -> None:
    """Telegram lays a table out by itself."""
    first, second = composed(Reply(TABLE, heard="Compare them."))
    assert ("Compare them.", "") == (first.part.text, first.rich)
    assert second.rich


@given(st.text(max_size=9000), st.text(max_size=9000), st.text(max_size=9000))
def test_whatever_was_heard_telegram_takes_it(heard: str, thoughts: str, text: str) -> None:
    """No message is too long, and no formatting is outside of its text."""
    for body in composed(Reply(text, heard=heard, thoughts=thoughts)):
        assert units(body.part.text) <= LIMIT
        for _, offset, length in kinds(body):
            assert offset + length <= units(body.part.text)


def test_thoughts_are_folded_above_the_answer() -> None:
    """They are a quotation that opens on a tap; the text below keeps its formatting."""
    (body,) = composed(Reply("**Yes** 👍", thoughts="Hm 🤔"))
    assert body.part.text == "Hm 🤔\nYes 👍"
    assert [("expandable_blockquote", 0, 5), ("bold", 6, 3)] == [
        (entity["type"], entity["offset"], entity["length"]) for entity in body.part.entities
    ]


def test_thoughts_that_leave_no_room_go_before_the_answer() -> None:
    """Both are complete, in two messages."""
    thoughts, answer = composed(Reply("word " * 700, thoughts="hm " * 900))
    assert units(thoughts.part.text) + units(answer.part.text) > LIMIT
    assert answer.part.text.startswith("word")


def test_thoughts_before_a_rich_answer_are_a_message_of_their_own() -> None:
    """A rich message has no place for them."""
    thoughts, answer = composed(Reply(TABLE, thoughts="Hm"))
    assert ("Hm", TABLE) == (thoughts.part.text, answer.rich)


def test_rich_messages_are_for_private_chats_that_want_them() -> None:
    """A group, a plain text and an operator's `never` get text."""
    assert composed(Reply(TABLE))[0].rich
    assert not composed(Reply(TABLE), GROUP)[0].rich
    assert not composed(Reply(TABLE, plain=True))[0].rich
    (never,) = compose(Reply(TABLE), PRIVATE, rich="never")
    assert not read(never).rich


def test_a_plain_text_is_not_interpreted() -> None:
    """What is marked as plain is shown as it stands."""
    (body,) = composed(Reply("**a** <b>", plain=True))
    assert Part("**a** <b>") == body.part


def test_an_empty_reply_has_no_bodies() -> None:
    """Telegram knows no empty messages."""
    assert [] == compose(Reply(" \n\u200b"), PRIVATE)


def test_a_refused_rich_message_can_be_sent_as_text() -> None:
    """The plain form of a rich body has its text and no formatting."""
    body = Body(rich=TABLE, rows=((Button("Again", "again:1"),),)).plain()
    assert not body.formatted
    assert "1 | 2" in body.part.text
    assert body.rows


def test_an_edit_without_buttons_takes_them_away() -> None:
    """The stop button of a live message must not outlive it."""
    assert {"inline_keyboard": []} == editing(1, 2, Body(Part("Done"))).reply_markup


def test_a_reply_to_a_deleted_question_is_still_sent() -> None:
    """Nothing may get lost because somebody deletes a question."""
    call = sending(-100, None, Body(Part("Hello"), reply_to=7))
    assert {"message_id": 7, "allow_sending_without_reply": True} == call.reply_parameters
