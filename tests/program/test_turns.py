"""What belongs together is one turn, however many messages it comes in."""

import asyncio

import pytest

from tests.playground.test_files import png
from tests.program.house import House, final

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_long_paste_is_one_question(house: House) -> None:
    """Telegram's clients cut it into messages; the model gets it whole, once."""
    house.model.script.answer = "Read."
    paste = " ".join(f"{number:05d}" for number in range(1400))
    assert len(paste) > 2 * 4096 - 10
    zoe = await house.person()
    sent = await zoe.act("send", text=paste)
    assert 3 == len(sent["messages"])
    await zoe.wait_reply(lambda m: m["text"] == "Read.")
    assert [paste.split()] == [asked.split() for asked in house.asked()]
    assert 1 == len(await zoe.replies())


async def test_questions_that_follow_each_other_stay_apart(house: House) -> None:
    """Short messages are no paste: each has its answer, in order."""
    zoe = await house.person()
    for number in range(5):
        await zoe.send(f"number {number}")
    await zoe.wait_reply(lambda m: "number 4" in m["text"])
    said = [one["text"] for one in await zoe.replies()]
    assert [f"You said: number {number}" for number in range(5)] == said


async def test_an_album_is_one_turn(house: House) -> None:
    """Several photos at once get one answer, not one each."""
    zoe = await house.person()
    photos = [
        zoe.attach("photo", png(32, 32), name=f"{n}.png", media_group_id="77") for n in range(3)
    ]
    await asyncio.gather(*photos)
    await zoe.wait_reply(lambda m: "cannot look at pictures" in m["text"])
    await zoe.send("Thank you!")
    await zoe.wait_reply(lambda m: final(m) and "Thank you!" in m["text"])
    assert 2 == len(await zoe.replies())
