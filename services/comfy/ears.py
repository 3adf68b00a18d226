"""Listens to what a server says of a prompt, and goes on listening where the socket was lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from domain.errors import BackendError, BackendUnavailable
from services.comfy.server import Comfy
from services.comfy.watch import Watch

_FEATURES = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}
_GREETING = 1.0  # seconds in which a server says that it knows who listens
_AGAIN = 3.0  # seconds before a lost socket is opened again


@asynccontextmanager
async def listening(comfy: Comfy, client_id: str, watch: Watch) -> AsyncIterator[None]:
    """Tell the watch what is said while the block runs, from before it begins.

    A server that nobody reaches is BackendUnavailable; one that only has no socket for us is not:
    what becomes of the prompt can be asked.
    """
    ears = _Ears(comfy, client_id, watch)
    task = asyncio.create_task(ears.listen(), name=f"listen to {comfy.label}")
    try:
        await ears.open.wait()
        if ears.nobody is not None:
            raise ears.nobody
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])


class _Ears:
    def __init__(self, comfy: Comfy, client_id: str, watch: Watch) -> None:
        self.open = asyncio.Event()
        self.nobody: BackendUnavailable | None = None
        self._comfy = comfy
        self._client_id = client_id
        self._watch = watch

    async def listen(self) -> None:
        """Listen until cancelled; the old socket is closed before a new one is opened.

        A server forgets the new one when it notices only later that the old one is gone.
        """
        while self.nobody is None:
            try:
                await self._once()
            except BackendError as error:
                if isinstance(error, BackendUnavailable) and error.down and not self.open.is_set():
                    self.nobody = error
            self.open.set()
            await asyncio.sleep(_AGAIN if self.nobody is None else 0)

    async def _once(self) -> None:
        async with self._comfy.talk(self._client_id) as talk:
            await talk.say(_FEATURES)
            with suppress(TimeoutError):
                async with asyncio.timeout(_GREETING):
                    self._take(await talk.hear())
            self.open.set()
            while True:
                self._take(await talk.hear())

    def _take(self, said: str | bytes) -> None:
        if isinstance(said, bytes):
            self._watch.look(said)
            return
        with suppress(ValueError, RecursionError):  # what is no JSON tells us nothing
            record = json.loads(said)
            if isinstance(record, dict):
                self._watch.hear(record)
