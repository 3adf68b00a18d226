"""While no model can be reached the person sees it, and is answered as soon as one is back."""

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import ollama, running
from tests.program.conftest import Make
from tests.telegram import Person


async def test_a_question_waits_for_a_model_to_come_back(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """Nothing is silent: the draft says that the bot keeps trying, /start that nobody is up."""
    address = model.url
    await model.stop()
    async with running(program(ollama(address))), Person(play.url, 1) as ann:
        await ann.send("/start")
        assert "None of my models can be reached" in (await ann.wait_reply())["text"]
        await ann.send("Is anybody there?")
        await ann.wait_event(
            lambda e: e["type"] == "draft" and "keep trying" in e.get("text", ""), timeout=20
        )
        await model.start()
        await ann.wait_reply(lambda m: m["text"] == "You said: Is anybody there?", timeout=40)
        assert 2 == len(await ann.replies())


async def test_a_model_that_loads_is_waited_for(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """Loading and thinking are two states, and both are seen."""
    model.models.load_seconds = 2.5
    async with running(program(ollama(model.url))), Person(play.url, 1) as ann:
        await ann.send("Wake up!")
        await ann.wait_event(
            lambda e: e["type"] == "draft" and "Loading the model" in e.get("text", "")
        )
        await ann.wait_reply(lambda m: m["text"] == "You said: Wake up!")
