"""However a job ends, it ends in something that its person sees."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import Program, running, table, write_config
from tests.program.house import House, buttons

pytestmark = pytest.mark.asyncio(loop_scope="session")

HASTE = """
[answers]
paste_hold_seconds = 0.3
[telegram.webhook]
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def moody(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A program whose only backend is a stranger's."""
    folder = tmp_path_factory.mktemp("moody")
    async with Playground() as play, FakeOllama() as unused:
        backend = table("chat", use="tests.program.strange_backends:Moody", slots=4)
        write_config(folder, play.url, backend, HASTE)
        async with running(Program(folder, play.url)) as program:
            house = House(play, unused, program)
            yield house
            await house.put_away()


@pytest.mark.parametrize(
    ("question", "said", "offered"),
    [
        ("anything", "Well: anything", "Again"),
        ("reject", "refused this request", "Try again"),
        ("overflow", "too long for the model", "Try again"),
        ("nonsense", "Something went wrong", "Try again"),
        ("nothing", "had nothing to say", "Again"),
        ("only thoughts", "had nothing to say", "Again"),
        ("blanks", "had nothing to say", "Again"),
    ],
)
async def test_an_ending_is_told_once(moody: House, question: str, said: str, offered: str) -> None:
    """One message says how it went, and has a button to go on; the next question is answered."""
    zoe = await moody.person()
    await zoe.send(question)
    answer = await zoe.wait_reply()
    assert said in answer["text"]
    assert offered in buttons(answer)
    await zoe.send("and now?")
    await zoe.wait_reply(lambda m: m["text"] == "Well: and now?")
    assert 2 == len(await zoe.replies())


@pytest.mark.parametrize("question", ["bug", "bug in the middle", "cancel"])
@pytest.mark.timeout(150)
async def test_a_bug_in_a_task_is_told(moody: House, question: str) -> None:
    """What nobody has foreseen is tried again, then told without a word of its cause."""
    zoe = await moody.person()
    await zoe.send(question)
    answer = await zoe.wait_reply(timeout=100)
    assert "Something went wrong" in answer["text"]
    assert "Try again" in buttons(answer)
    assert "ZeroDivision" not in answer["text"]
    assert "a secret thing" not in answer["text"]
