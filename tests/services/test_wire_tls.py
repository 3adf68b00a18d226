"""Over TLS the wire trusts who is vouched for, and nobody else."""

import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

from domain.errors import BackendRejected, BackendUnavailable
from services.links import VisitError, Why
from services.wire import Ask, Wire
from tests.fakes.raw import RawServer, refusing
from tests.services.test_visits import visits


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate for this machine, and the key to it."""

    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """A certificate that vouches for itself."""
    if which("openssl") is None:
        pytest.skip("openssl is not installed")
    place = tmp_path_factory.mktemp("tls")
    found = Identity(place / "certificate.pem", place / "key.pem")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"),
            *("-keyout", str(found.key), "-out", str(found.certificate)),
        ],
        check=True,
        capture_output=True,
    )
    return found


@pytest.fixture
async def server(identity: Identity) -> AsyncIterator[RawServer]:
    """A server behind TLS."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(identity.certificate, identity.key)
    async with RawServer(refusing(200, b'{"safe": true}'), tls) as server:
        yield server


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(
    wire: Wire, server: RawServer
) -> None:
    """It might be anybody; the key would be theirs."""
    with pytest.raises(BackendUnavailable, match="certificate") as caught:
        await wire.json(Ask("the server", server.url, secret="sk-1"))
    assert caught.value.down


async def test_an_owner_may_vouch_for_a_server(server: RawServer, identity: Identity) -> None:
    """Machines at home have certificates of their own."""
    trusted = ssl.create_default_context(cafile=str(identity.certificate))
    wire = Wire(trusted=trusted)
    for _ in range(2):
        assert {"safe": True} == await wire.json(Ask("the server", server.url))
    assert 1 == len(server.callers)
    await wire.aclose()


async def test_a_page_is_vouched_for_by_its_name(
    server: RawServer, identity: Identity, tmp_path: Path
) -> None:
    """Not by the address that the name led to, though that is where the connection goes."""
    visit = visits(trusted=ssl.create_default_context(cafile=str(identity.certificate)))
    await visit.save(f"https://localhost:{server.port}/", tmp_path / "page")
    with pytest.raises(VisitError) as raised:
        await visit.save(f"https://page.example:{server.port}/", tmp_path / "other")
    assert Why.LOST is raised.value.why


async def test_a_websocket_trusts_the_same(
    wire: Wire, server: RawServer, identity: Identity
) -> None:
    """Who is not vouched for is not spoken to; who is gets to say that it is no WebSocket."""
    ask = Ask("the server", server.url.replace("https", "wss"))
    with pytest.raises(BackendUnavailable, match="certificate"):
        async with wire.talk(ask):
            pass
    trusting = Wire(trusted=ssl.create_default_context(cafile=identity.certificate))
    with pytest.raises(BackendRejected, match="200"):
        async with trusting.talk(ask):
            pass
