"""What the program serves: Telegram's calls behind a secret, and how it is."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web import LARGEST_UPDATE, health, served, webhook
from domain.errors import ConfigError
from tests.telegram import plain_client

SECRET = "a-secret-of-Telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Taken:
    """What was taken and made safe, in order."""

    story: list[Any] = field(default_factory=list)
    trouble: Exception | None = None

    async def take(self, raws: Sequence[dict[str, Any]]) -> None:
        """Take updates, or fail."""
        if self.trouble:
            raise self.trouble
        self.story += raws

    async def harden(self) -> None:
        """Make them safe."""
        self.story.append("harden")


@asynccontextmanager
async def client(application: web.Application) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls an application over HTTP."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with plain_client(f"http://127.0.0.1:{runner.addresses[0][1]}", timeout=10) as http:
            yield http
    finally:
        await runner.cleanup()


@pytest.fixture
def taken() -> Taken:
    """Nothing is taken yet."""
    return Taken()


@pytest.fixture
async def hook(taken: Taken) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who calls the webhook."""
    async with client(webhook(SECRET, taken.take, taken.harden)) as http:
        yield http


async def call(hook: httpx.AsyncClient, body: bytes, secret: str = SECRET) -> int:
    """Call the webhook; the status of the answer."""
    headers = {HEADER.encode(): secret.encode("latin-1")}
    return (await hook.post("/any/path", content=body, headers=headers)).status_code


async def test_an_update_is_safe_before_it_is_confirmed(
    hook: httpx.AsyncClient, taken: Taken
) -> None:
    """200 means that Telegram may forget it."""
    assert 200 == await call(hook, b'{"update_id": 7, "x": "y"}')
    assert [{"update_id": 7, "x": "y"}, "harden"] == taken.story


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "ÿ"])
async def test_without_the_secret_nothing_is_read(
    hook: httpx.AsyncClient, taken: Taken, secret: str
) -> None:
    """The address of a webhook is no secret; whoever finds it can say nothing."""
    assert 401 == await call(hook, b'{"update_id": 7}', secret)
    assert 401 == (await hook.post("/", content=b"not even JSON")).status_code
    assert [] == taken.story


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"{}", b'{"update_id": "7"}', b'{"update_id": null}', b"\xff\xfe{"],
)
async def test_a_body_that_is_no_update_is_refused(
    hook: httpx.AsyncClient, taken: Taken, body: bytes
) -> None:
    """A call with the secret may still be broken."""
    assert 400 == await call(hook, body)
    assert [] == taken.story


async def test_a_body_nested_without_end_is_refused(hook: httpx.AsyncClient, taken: Taken) -> None:
    """It costs one call, not the program."""
    assert 400 == await call(hook, b"[" * 100_000)
    assert 200 == await call(hook, b'{"update_id": 7}')


async def test_a_body_of_any_size_is_not_read(hook: httpx.AsyncClient, taken: Taken) -> None:
    """Telegram's updates are far smaller than what is taken at the most."""
    body = json.dumps({"update_id": 7, "x": "y" * LARGEST_UPDATE}).encode()
    assert 413 == await call(hook, body)
    assert [] == taken.story


async def test_what_could_not_be_taken_is_not_confirmed(
    hook: httpx.AsyncClient, taken: Taken
) -> None:
    """Telegram calls again then."""
    taken.trouble = OSError("the disk is full")
    assert 500 == await call(hook, b'{"update_id": 7}')
    taken.trouble = None
    assert 200 == await call(hook, b'{"update_id": 7}')


async def test_only_calls_are_answered(hook: httpx.AsyncClient) -> None:
    """There is no page here."""
    assert 405 == (await hook.get("/", headers={HEADER: SECRET})).status_code


@given(body=st.binary(max_size=300))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_bytes_break_the_webhook(hook: httpx.AsyncClient, body: bytes) -> None:
    """It answers 200 or 400, whatever comes."""
    assert await call(hook, body) in (200, 400)


@pytest.mark.parametrize(("ok", "status"), [(True, 200), (False, 503)])
async def test_healthz_is_read_by_its_status(ok: bool, status: int) -> None:
    """Whatever restarts containers reads no JSON; people do."""

    async def state() -> dict[str, Any]:
        return {"ok": ok, "chat": {"Kitchen": "up"}}

    async def metrics() -> str:
        return "hearthbot_jobs_running 2\n"

    async with client(health(state, metrics)) as http:
        answer = await http.get("/healthz")
        assert (status, await state()) == (answer.status_code, answer.json())
        numbers = await http.get("/metrics")
        assert "hearthbot_jobs_running 2\n" == numbers.text
        assert numbers.headers["content-type"].startswith("text/plain")
        assert 404 == (await http.get("/")).status_code


async def test_an_address_that_is_taken_is_named() -> None:
    """The owner reads which setting to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConfigError, match=r"health\.listen: cannot listen on"):
            async with served(web.Application(), where, "health.listen"):
                pass
