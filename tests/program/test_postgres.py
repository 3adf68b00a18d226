"""The same program on PostgreSQL."""

from collections.abc import Iterator

import psycopg
import pytest

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.program import ollama, running
from tests.program.conftest import Make
from tests.program.house import House
from tests.storage.postgres_server import programs, server


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """The address of an empty database on a server of our own."""
    folder = programs()
    if folder is None:
        pytest.skip("the programs of a PostgreSQL server are not installed")
    with server(folder) as home:
        with psycopg.connect(f"postgresql://tester@/postgres?host={home}", autocommit=True) as one:
            one.execute("CREATE DATABASE hearth")
        yield f"postgresql://tester@/hearth?host={home}"


@pytest.mark.postgres
async def test_the_program_answers_and_loses_nothing_on_postgres(
    database_url: str, program: Make, play: Playground, model: FakeOllama
) -> None:
    """It makes its tables, answers, remembers, and answers once what a kill interrupted."""
    bot = program(ollama(model.url))
    bot.environment["HEARTHBOT_DATABASE_URL"] = database_url
    house = House(play, model, bot)
    zoe = await house.person()
    async with running(bot):
        await zoe.send("My name is Zoe.")
        assert "You said: My name is Zoe." == (await zoe.wait_reply())["text"]
        model.script.deaf = True
        await zoe.send("What is my name?")
        await model.asked("/api/chat", 2)
        await bot.kill()
        model.script.deaf = False
        await bot.start_polling()
        await zoe.wait_reply(lambda m: m["text"] == "You said: What is my name?", timeout=20)
        turns = model.to("/api/chat")[-1].body["messages"]
        assert ["system", "user", "assistant", "user"] == [turn["role"] for turn in turns]
        assert 2 == len(await zoe.replies())
        assert 0 == await bot.stop()
    await house.put_away()
    assert not list((bot.folder / "data").glob("*.db"))
