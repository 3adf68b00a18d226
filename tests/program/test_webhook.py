"""Updates by webhook: only Telegram's, each once, and taken only when they are written down."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from playground.server import Playground
from tests.fakes.ollama import FakeOllama
from tests.fakes.serving import Script
from tests.program import PATIENCE, Program, ollama, write_config
from tests.program.house import House, echo
from tests.program.once import Outcome, once
from tests.telegram import Person, Record

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = b"only-telegram_knows"
HEADER = b"X-Telegram-Bot-Api-Secret-Token"
CONFIG = """
[telegram]
mode = "webhook"
api_base = "{play}"
messages_per_second = 0
[telegram.webhook]
url = "https://hearth.example/telegram"
listen = "127.0.0.1:{port}"
[storage]
data_dir = "{folder}/data"
"""


@dataclass(slots=True)
class Hooked(House):
    """A program that is called by Telegram, which reaches it through a balancer."""

    port: int = 0
    numbers: int = 10**6

    async def begin(self) -> None:
        """Start it, and come back when Telegram calls it."""
        webhook = self.play.telegram.webhook
        webhook.set(None)
        await self.program.start()
        assert self.program.process is not None
        async with asyncio.timeout(PATIENCE):
            while webhook.hook is None:
                assert self.program.process.returncode is None, self.program.log.read_text()
                await asyncio.sleep(0.02)
        # the balancer speaks TLS with Telegram, and plain HTTP with the program
        webhook.set(replace(webhook.hook, url=f"http://127.0.0.1:{self.port}/telegram"))

    def called(self) -> bool:
        """Whether Telegram would call anybody."""
        return self.play.telegram.webhook.hook is not None

    async def post(self, update: object, secret: bytes | None = SECRET) -> int:
        """Call it as Telegram would; gives the status of its answer."""
        headers = [] if secret is None else [(HEADER, secret)]
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            url = f"http://127.0.0.1:{self.port}/telegram"
            return (await http.post(url, content=body, headers=headers)).status_code

    async def newcomer(self) -> tuple[Person, Record]:
        """Somebody who has been greeted, and what they have said until then."""
        person = await self.person()
        said = await person.send("Good day.")
        await person.wait_reply(lambda m: m["text"] == "You said: Good day.")
        return person, said

    def update(self, said: Record, text: str) -> Record:
        """An update that the playground itself never sends."""
        self.numbers += 1
        return {"update_id": self.numbers, "message": {**said, "text": text}}


def free_port() -> int:
    """A port that nobody listens on right now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configure(folder: Path, play: str, port: int, backends: str) -> dict[str, str]:
    """Write a configuration with a webhook; gives the environment that it needs."""
    text = "embedded = false\n" + CONFIG.format(play=play, port=port, folder=folder) + backends
    (folder / "config.toml").write_text(text)
    return {"TELEGRAM_TOKEN": "1000:playground", "HEARTHBOT_WEBHOOK_SECRET": SECRET.decode()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hooked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hooked]:
    """One program for all tests of this file."""
    folder, port = tmp_path_factory.mktemp("hooked"), free_port()
    async with Playground() as play, FakeOllama(Script(echo)) as model:
        environment = configure(folder, play.url, port, ollama(model.url))
        program = Program(folder, play.url, environment=environment)
        house = Hooked(play, model, program, port=port)
        await house.begin()
        try:
            yield house
        finally:
            await house.put_away()
            await program.kill()


async def failed_start(folder: Path, environment: dict[str, str]) -> Outcome:
    """A start with this folder's configuration that ends by itself."""
    return await once("run", "--config", str(folder / "config.toml"), environment=environment)


async def test_telegram_is_told_where_to_call_and_with_which_secret(hooked: Hooked) -> None:
    """What the configuration says is set at Telegram, and a question is answered that way."""
    hook = hooked.play.telegram.webhook.hook
    assert hook is not None
    assert SECRET.decode() == hook.secret
    zoe = await hooked.person()
    await zoe.send("By webhook?")
    assert "You said: By webhook?" == (await zoe.wait_reply())["text"]
    assert "getUpdates" not in (await zoe.look("stats"))["methods"]


async def test_only_telegram_is_listened_to(hooked: Hooked) -> None:
    """Without the right secret nothing happens, whatever is said; nonsense is refused too."""
    zoe, said = await hooked.newcomer()
    forged = hooked.update(said, "Forged!")
    assert 401 == await hooked.post(forged, secret=None)
    assert 401 == await hooked.post(forged, secret=b"")
    assert 401 == await hooked.post(forged, secret=SECRET + b"x")
    assert 401 == await hooked.post(forged, secret="schlüssel".encode())
    assert 401 == await hooked.post(forged, secret=b"\xff\xfe")
    assert 400 == await hooked.post(b"no JSON")
    assert 400 == await hooked.post([forged])
    assert 400 == await hooked.post({"message": forged["message"]})
    await zoe.send("True?")
    assert "You said: True?" == (await zoe.wait_reply())["text"]
    assert 2 == len(await zoe.replies())
    assert "Forged!" not in hooked.asked()


async def test_an_update_that_comes_again_is_answered_once(hooked: Hooked) -> None:
    """Telegram repeats what it believes lost: at the same time, later, and both get their 200."""
    zoe, said = await hooked.newcomer()
    update = hooked.update(said, "Once?")
    assert [200] * 5 == await asyncio.gather(*(hooked.post(update) for _ in range(5)))
    await zoe.wait_reply(lambda m: m["text"] == "You said: Once?")
    assert 200 == await hooked.post(update)
    await zoe.send("And then?")
    await zoe.wait_reply(lambda m: m["text"] == "You said: And then?")
    assert ["You said: Once?", "You said: And then?"] == [
        m["text"] for m in await zoe.replies(said)
    ][1:]


async def test_200_means_that_it_is_written_down(hooked: Hooked) -> None:
    """While the database cannot be written there is no 200; after the 200 it survives a kill."""
    zoe, said = await hooked.newcomer()
    hooked.model.script.deaf = True
    update = hooked.update(said, "Still there?")
    with closing(sqlite3.connect(hooked.program.folder / "data" / "hearthbot.db")) as database:
        database.execute("BEGIN IMMEDIATE")
        post = asyncio.create_task(hooked.post(update), name="post")
        early, _ = await asyncio.wait({post}, timeout=0.5)
        database.rollback()
    assert set() == early
    assert 200 == await post
    await hooked.program.kill()
    hooked.model.script.deaf = False
    await hooked.begin()
    await zoe.wait_reply(lambda m: m["text"] == "You said: Still there?")
    assert 200 == await hooked.post(update)
    await zoe.send("More?")
    await zoe.wait_reply(lambda m: m["text"] == "You said: More?")
    assert 3 == len(await zoe.replies())


async def test_a_telegram_in_trouble_is_asked_again(hooked: Hooked) -> None:
    """A start while Telegram answers 502 goes on as soon as Telegram does."""
    assert 0 == await hooked.program.stop()
    zoe = await hooked.person()
    await zoe.act("options", faults={"status_5xx": 1.0, "methods": ["setWebhook"]})
    starting = asyncio.create_task(hooked.begin(), name="starting")
    async with asyncio.timeout(PATIENCE):
        while not (await zoe.look("stats"))["methods"].get("setWebhook", {}).get("502"):
            assert not starting.done(), starting.result()
            await asyncio.sleep(0.02)
    await zoe.act("options", faults=None)
    await starting
    await zoe.send("Back?")
    await zoe.wait_reply(lambda m: m["text"] == "You said: Back?")


async def test_what_waits_goes_over_to_polling(hooked: Hooked) -> None:
    """A stop leaves the webhook, so that nothing is lost; a start that polls takes it away."""
    assert 0 == await hooked.program.stop()
    assert hooked.called()
    zoe = await hooked.person()
    await zoe.send("Anybody?")
    polls = hooked.program.folder / "polls"
    await asyncio.to_thread(polls.mkdir)
    write_config(polls, hooked.play.url, ollama(hooked.model.url))
    program = Program(polls, hooked.play.url)
    try:
        await program.start()
        assert "You said: Anybody?" == (await zoe.wait_reply(timeout=PATIENCE))["text"]
        assert not hooked.called()
        assert 0 == await program.stop()
    finally:
        await program.kill()


async def test_a_wrong_token_is_said_here_too(tmp_path: Path, hooked: Hooked) -> None:
    """The first call to Telegram tells; one line, the code 4."""
    environment = configure(tmp_path, hooked.play.url, free_port(), "")
    told = await failed_start(tmp_path, {**environment, "TELEGRAM_TOKEN": "1000:wrong"})
    assert 4 == told.code
    assert "Traceback" not in told.err


async def test_a_taken_port_is_said_in_a_line(tmp_path: Path, hooked: Hooked) -> None:
    """Who cannot listen says where, and which setting to change."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = await failed_start(tmp_path, configure(tmp_path, hooked.play.url, port, ""))
    assert 3 == told.code
    assert f"127.0.0.1:{port}" in told.err
    assert "listen" in told.err.splitlines()[-1]
    assert "Traceback" not in told.err
