"""Bad luck on purpose: errors of the server, cut connections and delays."""

import asyncio
import random

from aiohttp import web

from playground.errors import ApiError
from playground.options import Faults
from playground.telegram import Telegram


class Misfortune:
    """Strikes calls by chance, as the options say."""

    def __init__(self, telegram: Telegram, chance: random.Random) -> None:
        self._telegram = telegram
        self._chance = chance

    async def before(self, method: str, request: web.Request) -> None:
        """Strike before anything is done."""
        faults = self._faults(method)
        if faults is None:
            return
        if faults.delay:
            await asyncio.sleep(faults.delay)
        if self._strikes(faults.cut):
            cut(request)
        if self._strikes(faults.status_5xx):
            raise ApiError(502, "Bad Gateway")

    def after(self, method: str, request: web.Request) -> None:
        """Strike after all is done, so that only the answer is lost."""
        faults = self._faults(method)
        if faults and self._strikes(faults.cut_after):
            cut(request)

    def _faults(self, method: str) -> Faults | None:
        faults = self._telegram.world.knobs.faults
        return faults if not faults.methods or method in faults.methods else None

    def _strikes(self, share: float) -> bool:
        return share > 0 and self._chance.random() < share


def cut(request: web.Request) -> None:
    """Break the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError
