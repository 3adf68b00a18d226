"""One graphics card: who waits for it sees why, and is answered when it is free."""

from playground.server import Playground
from services.cards import Cards
from services.turns import Turns
from tests.fakes.ollama import FakeOllama
from tests.program import PATIENCE, ollama, running
from tests.program.conftest import Make
from tests.telegram import Person


async def test_an_answer_waits_for_a_film_of_another_process_and_says_so(
    program: Make, play: Playground, model: FakeOllama
) -> None:
    """In the chat and in the status; the model is asked once the card is free, and not before."""
    bot = program(ollama(model.url, gpu="card0"))
    cards = Cards(bot.folder / "data" / "cards", Turns())
    film = cards.seat("card0", "video")
    assert film is not None
    async with running(bot), Person(play.url, 1) as ann, Person(play.url, 2) as oksana:
        assert film.take(frozenset())
        await ann.send("Hello")
        busy = "The graphics card is busy with a picture…"
        await ann.wait_event(
            lambda e: e["type"] == "draft" and busy in e.get("text", ""), timeout=PATIENCE
        )
        await oksana.send("/status")
        status = await oksana.wait_reply(lambda m: "card0" in m["text"])
        assert "card0: " in status["text"]
        assert [] == model.to("/api/chat")
        film.give()
        await ann.wait_reply(lambda m: m["text"] == "You said: Hello")
    cards.close()


async def test_without_a_card_there_are_no_files(program: Make, model: FakeOllama) -> None:
    """Nobody pays for what they do not have."""
    bot = program(ollama(model.url))
    async with running(bot):
        assert not (bot.folder / "data" / "cards").exists()
