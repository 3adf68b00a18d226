"""Pages are downloaded from where one may go, and from nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BackendUnavailable
from services.links import VisitError, Why
from services.public import Address, is_public
from services.visits import REDIRECTS, Visits
from tests.fakes.raw import HEAD, Caller, RawServer, refusing, saying

PAGE = b"<html><body>Bees fly.</body></html>"
HOST = "page.example"


class Resolver:
    """Says what a name leads to, each time the next of the answers; `asked` is what for."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Answer; the last answer is given again and again."""
        assert port
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class Anywhere:
    """Every port."""

    def __contains__(self, port: object) -> bool:
        """Allow it."""
        return True


def loopback(address: Address) -> bool:
    """Stands for the public internet here."""
    return str(address) == "127.0.0.1"


def visits(*answers: Sequence[str], **changed: Any) -> Visits:
    """Visits to servers of the test, where all names lead to this machine."""
    resolver = Resolver(*(answers or (["127.0.0.1"],)))
    given = {"allowed": loopback, "ports": Anywhere(), "resolver": resolver, **changed}
    return Visits(given.pop("most", 1 << 20), **given)


def at(server: RawServer, path: str = "/", host: str = HOST) -> str:
    """The address of a page of the server."""
    return f"http://{host}:{server.port}{path}"


def going(where: str, status: int = 302) -> Callable[[Caller], Awaitable[None]]:
    """Send each caller elsewhere."""

    async def talk(caller: Caller) -> None:
        while True:
            await caller.hear()
            head = f"HTTP/1.1 {status} Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n"
            await caller.say(head.encode())

    return talk


def left(folder: Path) -> list[str]:
    """The files that are there."""
    return [one.name for one in folder.iterdir()]


async def why(visit: Visits, address: str, folder: Path) -> Why:
    """Why a page cannot be had, of which nothing stays then."""
    with pytest.raises(VisitError) as raised:
        await visit.save(address, folder / "page")
    assert [] == left(folder)
    assert HOST not in f"{raised.value!r}"
    assert raised.value.__suppress_context__ or raised.value.__context__ is None
    return raised.value.why


async def test_a_page_is_written_into_a_file(tmp_path: Path) -> None:
    """It is asked for by its name, at the address that was looked up."""
    heads: list[bytes] = []

    async def talk(caller: Caller) -> None:
        heads.append((await caller.hear())[0])
        await caller.say(HEAD)
        await caller.chunks(PAGE[:10], PAGE[10:])

    async with RawServer(talk) as server:
        visit = visits()
        await visit.save(at(server, "/bees?a=1#top"), tmp_path / "page")
        assert PAGE == (tmp_path / "page").read_bytes()
        [head] = heads
        assert head.startswith(b"GET /bees?a=1 HTTP/1.1\r\n")
        assert f"host: {HOST}:{server.port}".encode() in head.lower()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://user:secret@page.example/",
        "http://user@page.example/",
        "http://page.example:22/",
        "http://page.example:8080/",
        "https://page.example:6379/",
        "ftp://page.example/",
        "file:///etc/passwd",
        "gopher://page.example/",
        "http:///page",
        "//page.example/",
        "",
    ],
)
async def test_ways_within_are_forbidden(address: str, tmp_path: Path) -> None:
    """In any notation; what is looked up here is looked up as in real life."""
    assert Why.FORBIDDEN is await why(Visits(1 << 20), address, tmp_path)


@pytest.mark.parametrize("host", ["0177.0.0.1", "\uff11\uff12\uff17.0.0.1"])
async def test_what_is_no_name_leads_nowhere(host: str, tmp_path: Path) -> None:
    """It is not looked up, whatever others make of it."""
    resolver = Resolver(["127.0.0.1"])
    assert Why.LOST is await why(visits(resolver=resolver), f"http://{host}/", tmp_path)
    assert [] == resolver.asked


@pytest.mark.parametrize(
    "found",
    [
        ["10.0.0.1"],
        ["8.8.8.8", "192.168.1.1"],
        ["2606:4700::1111", "::1"],
        ["127.0.0.1"],
        ["fe80::1%lo"],
    ],
)
async def test_a_name_must_not_lead_within(found: list[str], tmp_path: Path) -> None:
    """Not by one of its addresses either."""
    visit = visits(found, allowed=is_public)
    assert Why.FORBIDDEN is await why(visit, f"https://{HOST}/", tmp_path)


async def test_a_name_is_looked_up_once(tmp_path: Path) -> None:
    """What it leads to a moment later does not matter."""
    async with RawServer(saying(PAGE)) as server:
        resolver = Resolver(["127.0.0.1"], ["127.0.0.2"])
        visit = visits(resolver=resolver)
        await visit.save(at(server), tmp_path / "page")
        assert [HOST] == resolver.asked
        (tmp_path / "page").unlink()
        assert Why.FORBIDDEN is await why(visit, at(server), tmp_path)
        assert 1 == len(server.callers)


async def test_redirects_are_followed(tmp_path: Path) -> None:
    """To other paths and to other servers, five times."""
    async with RawServer(saying(PAGE)) as last:
        async with RawServer(going(at(last, "/page", "other.example"), 308)) as first:
            resolver = Resolver(["127.0.0.1"])
            await visits(resolver=resolver).save(at(first), tmp_path / "page")
        assert PAGE == (tmp_path / "page").read_bytes()
        assert [HOST, "other.example"] == resolver.asked


async def test_a_redirect_may_be_relative(tmp_path: Path) -> None:
    """As most are."""
    asked: list[bytes] = []

    async def talk(caller: Caller) -> None:
        asked.append((await caller.hear())[0].split()[1])
        if len(asked) == 1:
            await caller.say(b"HTTP/1.1 301 Moved\r\nLocation: ../b\r\n\r\n")
        else:
            await caller.say(HEAD)
            await caller.chunks(PAGE)

    async with RawServer(talk) as server:
        await visits().save(at(server, "/x/a"), tmp_path / "page")
    assert [b"/x/a", b"/b"] == asked


@pytest.mark.parametrize(
    "where",
    [
        "http://within.example/",
        "http://user:secret@page.example/",
        "file:///etc/passwd",
        "ftp://page.example/",
        "//within.example/",
    ],
)
async def test_a_redirect_must_not_lead_within(where: str, tmp_path: Path) -> None:
    """Each is looked at as the first address was."""
    async with RawServer(going(where)) as server:
        visit = visits(["127.0.0.1"], ["10.0.0.1"])
        assert Why.FORBIDDEN is await why(visit, at(server), tmp_path)
        assert 1 == len(server.callers)


async def test_a_redirect_must_not_lead_to_another_port(tmp_path: Path) -> None:
    """Behind it may be a database."""
    async with RawServer(saying(PAGE)) as other, RawServer(going(at(other))) as server:
        visit = visits(ports={server.port})
        assert Why.FORBIDDEN is await why(visit, at(server), tmp_path)
        assert [] == other.callers


async def test_who_sends_us_in_circles_is_left(tmp_path: Path) -> None:
    """After five times."""
    asked: list[bytes] = []

    async def talk(caller: Caller) -> None:
        while True:
            asked.append((await caller.hear())[0])
            await caller.say(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    async with RawServer(talk) as server:
        assert Why.ROUND is await why(visits(), at(server), tmp_path)
    assert REDIRECTS + 1 == len(asked)


async def test_an_endless_page_is_cut_off(tmp_path: Path) -> None:
    """The server notices that nobody reads any more."""

    async def talk(caller: Caller) -> None:
        await caller.hear()
        await caller.say(HEAD)
        while True:
            await caller.chunks(bytes(1 << 16), end=False)

    async with RawServer(talk) as server:
        assert Why.LARGE is await why(visits(most=1 << 20), at(server), tmp_path)
        await server.until_all_gone()


async def test_a_page_that_says_it_is_too_large_is_not_begun(tmp_path: Path) -> None:
    """The limit itself is not too large."""
    async with RawServer(refusing(200, bytes(11))) as server:
        assert Why.LARGE is await why(visits(most=10), at(server), tmp_path)
        await visits(most=11).save(at(server), tmp_path / "page")
    assert 11 == (tmp_path / "page").stat().st_size


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 429, 500, 503])
async def test_what_a_server_does_not_give_is_denied(status: int, tmp_path: Path) -> None:
    """With its own word for it."""
    async with RawServer(refusing(status, b"")) as server:
        with pytest.raises(VisitError) as raised:
            await visits().save(at(server), tmp_path / "page")
    assert (Why.DENIED, status) == (raised.value.why, raised.value.status)


async def silent(caller: Caller) -> None:
    """Never answer."""
    await caller.hear()
    await caller.wait_until_gone()


async def begun(caller: Caller) -> None:
    """Begin, and go no further."""
    await caller.hear()
    await caller.say(HEAD)
    await caller.chunks(PAGE, end=False)
    await caller.wait_until_gone()


async def broken(caller: Caller) -> None:
    """Begin, and hang up."""
    await caller.hear()
    await caller.say(HEAD)
    await caller.chunks(PAGE, end=False)


async def nonsense(caller: Caller) -> None:
    """Speak another protocol."""
    await caller.say(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


async def trickling(caller: Caller) -> None:
    """Say a byte from time to time, for ever."""
    await caller.hear()
    await caller.say(HEAD)
    while True:
        await caller.chunks(b".", end=False)
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("talk", [silent, begun, broken, nonsense, trickling])
async def test_a_server_has_its_time(
    talk: Callable[[Caller], Awaitable[None]], tmp_path: Path
) -> None:
    """In all as for each step; half a page does not stay."""
    async with RawServer(talk) as server:
        visit = visits(idle=0.3, whole=1.0)
        assert Why.LOST is await why(visit, at(server), tmp_path)


async def test_a_name_that_nobody_knows_is_lost(tmp_path: Path) -> None:
    """As is one that leads to nothing, or where nobody listens."""

    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError(f"{host}:{port} is not known")

    assert Why.LOST is await why(visits(resolver=unknown), f"http://{HOST}/", tmp_path)
    assert Why.LOST is await why(visits([]), f"http://{HOST}/", tmp_path)
    async with RawServer(saying(PAGE)) as server:
        gone = at(server)
    assert Why.LOST is await why(visits(), gone, tmp_path)


async def test_another_address_is_tried(tmp_path: Path) -> None:
    """Where nobody listens at the first."""
    async with RawServer(saying(PAGE)) as server:
        visit = visits(["::1", "127.0.0.1"], allowed=lambda one: one.is_loopback)
        await visit.save(at(server), tmp_path / "page")
    assert PAGE == (tmp_path / "page").read_bytes()


async def test_a_full_disk_is_named(tmp_path: Path) -> None:
    """It is not the page's fault."""
    async with RawServer(saying(PAGE)) as server:
        with pytest.raises(BackendUnavailable, match="the disk: No such file or directory"):
            await visits().save(at(server), tmp_path / "nowhere" / "page")


async def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    """Neither a connection nor half a file."""
    async with RawServer(begun) as server:
        work = asyncio.create_task(visits().save(at(server), tmp_path / "page"))
        await server.caller()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await server.until_all_gone()
    assert [] == left(tmp_path)
