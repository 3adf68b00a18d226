"""Pictures on their way to a model."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from domain.pictures import Picture
from services.pictures import LARGEST, addressed, bare, wanted
from services.wire import Ask, Wire
from tests.fakes.raw import Caller, RawServer


def filed(folder: Path, content: bytes, mime: str = "image/png") -> Picture:
    """A file with this content."""
    path = folder / f"{len(content)}.png"
    path.write_bytes(content)
    return Picture(path, mime, 1, 1)


STEP = 3 << 16


@pytest.mark.parametrize("size", [0, 1, 2, 3, STEP - 1, STEP, STEP + 1, 2 * STEP + 2])
async def test_base64_in_steps_is_base64(tmp_path: Path, size: int) -> None:
    """No filling in the middle, wherever a step ends."""
    content = bytes(number % 251 for number in range(size))
    [text] = await bare("eyes", [filed(tmp_path, content)])
    [address] = await addressed("eyes", [filed(tmp_path, content, "image/webp")])
    expected = b64encode(content).decode()
    assert ("", expected) == (text.head, text.rest.decode())
    assert ("data:image/webp;base64,", expected) == (address.head, address.rest.decode())


@pytest.mark.parametrize(
    ("question", "count", "expected"),
    [
        ("Who?", 3, "Who?"),
        ("", 1, "Describe this picture."),
        ("\n ", 2, "Describe each picture, in their order."),
    ],
)
def test_without_a_question_a_description_is_asked_for(
    question: str, count: int, expected: str
) -> None:
    """Models that are asked nothing make something up."""
    assert expected == wanted(question, count)


async def test_the_largest_question_arrives_whole_and_may_be_sent_again(
    wire: Wire, tmp_path: Path
) -> None:
    """Also when the server has closed the connection that was kept for it."""
    one = filed(tmp_path, b"\xff\xd8\xff" + bytes(LARGEST - 3))
    [image] = await addressed("eyes", [one])
    heard: list[bytes] = []

    async def talk(caller: Caller) -> None:
        """Answer the first question, and go away with the next."""
        heard.append((await caller.hear())[1])
        await caller.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        if caller.number == 0:
            await caller.hear()

    async with RawServer(talk) as server:
        ask = Ask("eyes", server.url, {"image_url": image})
        assert [{}, {}] == [await wire.json(ask), await wire.json(ask)]
        assert 2 == len(server.callers)
    expected = {"image_url": image.head + image.rest.decode()}
    assert [expected, expected] == [json.loads(one) for one in heard]
