"""Drafts grow, are stopped, fade, and give way to the message."""

from tests.playground.conftest import BotSide
from tests.telegram import Person, Record


def _draft(event: Record) -> bool:
    return bool(event["type"] == "draft")


def _end(event: Record) -> bool:
    return bool(event["type"] == "draft_end")


async def test_a_draft_grows_and_the_message_takes_its_place(bot: BotSide, ann: Person) -> None:
    """Frames are shown in order, and a message of the bot ends them; nothing of them is kept."""
    for text in ("", "Once", "Once upon"):
        assert await bot.do("sendMessageDraft", chat_id=1, draft_id=7, text=text)
    shown = [(await ann.wait_event(_draft))["text"] for _ in range(3)]
    await bot.do("sendMessage", chat_id=1, text="Once upon a time")
    end = await ann.wait_event(_end)
    assert ["", "Once", "Once upon"] == shown
    assert (7, "message") == (end["draft_id"], end["reason"])
    assert ["Once upon a time"] == [message["text"] for message in await ann.replies()]


async def test_a_person_stops_a_draft(bot: BotSide, ann: Person) -> None:
    """Stop takes the draft away, tells the bot, and later frames of it are not shown."""
    await bot.do("sendMessageDraft", chat_id=1, draft_id=7, text="On and on", can_stop=True)
    await ann.stop_draft()
    assert "stopped" == (await ann.wait_event(_end))["reason"]
    stopped = (await bot.updates())[-1]["stopped_message_generation"]
    assert (1, 7) == (stopped["chat"]["id"], stopped["draft_id"])
    await bot.do("sendMessageDraft", chat_id=1, draft_id=7, text="and on", can_stop=True)
    await bot.do("sendMessageDraft", chat_id=1, draft_id=8, text="something else")
    assert "something else" == (await ann.wait_event(_draft))["text"]


async def test_a_draft_may_stay_after_stop(bot: BotSide, ann: Person) -> None:
    """With keep_on_stop it is the message that ends it."""
    params = {"chat_id": 1, "draft_id": 7, "text": "kept", "can_stop": True, "keep_on_stop": True}
    await bot.do("sendMessageDraft", **params)
    await ann.stop_draft(7)
    await bot.do("sendMessage", chat_id=1, text="final")
    assert "message" == (await ann.wait_event(_end))["reason"]


async def test_a_draft_without_the_button_cannot_be_stopped(bot: BotSide, ann: Person) -> None:
    """Without can_stop there is nothing to press."""
    await bot.do("sendMessageDraft", chat_id=1, draft_id=7, text="unstoppable")
    answer = await bot.http.post("/play/stop", json={"user_id": 1, "draft_id": 7})
    assert (404, {"error": "There is no draft 7 that can be stopped."}) == (
        answer.status_code,
        answer.json(),
    )


async def test_another_draft_replaces_the_first(bot: BotSide, ann: Person) -> None:
    """A chat shows one draft; one with another number takes its place."""
    await bot.do("sendMessageDraft", chat_id=1, draft_id=1, text="one")
    await bot.do("sendMessageDraft", chat_id=1, draft_id=2, text="two")
    end = await ann.wait_event(_end)
    assert (1, "replaced") == (end["draft_id"], end["reason"])


async def test_a_draft_fades_unless_it_is_repeated(bot: BotSide, ann: Person) -> None:
    """After its time without a new frame the draft is gone, and not before."""
    await ann.act("options", draft_seconds=0.3)
    await bot.do("sendMessageDraft", chat_id=1, draft_id=1, text="fading")
    first = await ann.wait_event(_draft)
    await bot.do("sendMessageDraft", chat_id=1, draft_id=1, text="fading slowly")
    second = await ann.wait_event(_draft)
    end = await ann.wait_event(_end)
    assert "expired" == end["reason"]
    assert end["at"] - second["at"] >= 0.29
    assert second["at"] >= first["at"]


async def test_the_words_of_a_person_do_not_end_a_draft(bot: BotSide, ann: Person) -> None:
    """Somebody may write on while the answer grows."""
    await bot.do("sendMessageDraft", chat_id=1, draft_id=1, text="growing")
    await ann.send("and another thing")
    await bot.do("sendMessageDraft", chat_id=1, draft_id=1, text="growing on")
    await bot.do("sendMessage", chat_id=1, text="done")
    kinds = [event["type"] for event in await _all(ann)]
    assert ["message", "draft", "draft_end", "message"] == kinds[-4:]


async def _all(ann: Person) -> list[Record]:
    events: list[Record] = (await ann.look("events", chat_id=1, since=0, wait=1))["events"]
    return events


async def test_a_rich_draft_may_think(bot: BotSide, ann: Person) -> None:
    """The block that says "thinking" is for drafts only, and the draft keeps its source."""
    blocks = [{"type": "thinking", "text": "Hm"}, {"type": "paragraph", "text": "So"}]
    await bot.do("sendRichMessageDraft", chat_id=1, draft_id=1, rich_message={"blocks": blocks})
    assert blocks == (await ann.wait_event(_draft))["rich_message"]["blocks"]
    await bot.do("sendRichMessageDraft", chat_id=1, draft_id=1, rich_message={"markdown": "# So"})
    assert "# So" == (await ann.wait_event(_draft))["rich_message"]["markdown"]


async def test_an_action_is_shown(bot: BotSide, ann: Person) -> None:
    """A person sees what the bot is busy with."""
    await bot.do("sendChatAction", chat_id=1, action="record_voice")
    event = await ann.wait_event(lambda e: bool(e["type"] == "action"))
    assert "record_voice" == event["action"]
