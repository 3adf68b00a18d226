"""WebSockets under the wire: messages both ways, and the wire's translation of troubles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from domain.errors import BackendUnavailable
from services.complaints import Complaint
from services.connections import reaching
from services.exchange import Ask, complain

if TYPE_CHECKING:
    import ssl

LARGEST_MESSAGE = 64 << 20
"""Bytes that a message may have; a preview of a film has more than the usual one MB."""

_PING = 20.0  # seconds between two signs of life, and for the answer to one
_GOODBYE = 2.0  # seconds that a server has to close its side


@dataclass(frozen=True, slots=True)
class Talk:
    """An open WebSocket; one that is lost is BackendUnavailable."""

    ask: Ask
    _connection: ClientConnection

    async def hear(self) -> str | bytes:
        """Wait for the next message, however long it takes; a dead server is noticed by pings."""
        with _translated(self.ask):
            return await self._connection.recv()

    async def say(self, record: Mapping[str, object]) -> None:
        """Send an object as JSON."""
        with _translated(self.ask):
            await self._connection.send(json.dumps(record))


@asynccontextmanager
async def talking(ask: Ask, seconds: float, trusted: ssl.SSLContext | None) -> AsyncIterator[Talk]:
    """Open a WebSocket; a server that cannot be reached within the seconds is down.

    No Origin is told, and no proxy of the environment asked: these servers are our neighbours.
    """
    opening = connect(
        ask.url,
        ssl=(trusted or True) if ask.url.startswith("wss:") else None,
        additional_headers=dict(ask.headers),
        user_agent_header="hearthbot",
        compression=None,
        proxy=None,
        open_timeout=None,
        ping_interval=_PING,
        ping_timeout=_PING,
        close_timeout=_GOODBYE,
        max_size=LARGEST_MESSAGE,
    )
    with _translated(ask):
        async with reaching(seconds):
            connection = await opening
    try:
        yield Talk(ask, connection)
    except asyncio.CancelledError:
        connection.transport.abort()  # nobody waits for a goodbye any more
        raise
    finally:
        await connection.close()


@contextmanager
def _translated(ask: Ask) -> Iterator[None]:
    """Turn what the library raises into BackendUnavailable, or a refusal into what it is."""
    try:
        yield
    except ConnectionRefusedError as error:
        raise BackendUnavailable(ask.server, f"not reached: {error}", down=True) from error
    except InvalidStatus as error:
        answer = error.response
        raise complain(ask, answer.status_code, Complaint.read(answer.body or b"")) from error
    except (OSError, WebSocketException) as error:
        reason = f"the WebSocket broke off: {error or type(error).__name__}"
        raise BackendUnavailable(ask.server, reason) from error
