"""The playground's own interface over HTTP, for its page and for tests."""

import json
from collections.abc import Callable

from aiohttp import web

from playground.body import read
from playground.errors import ApiError, PlayError
from playground.gestures import Gestures
from playground.guard import Guard, Handler
from playground.params import Params
from playground.people import People
from playground.playing import ACTIONS, LOOKS, Hands, Reader
from playground.records import Record, encode
from playground.telegram import Telegram

_UPLOAD_LIMIT = 100 << 20
"""People may send more than a bot may; this is only so that one page cannot fill the memory."""


class PlayApi:
    """Turns requests under `/play/` into acts of people and looks at the world."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        people = People(telegram)
        self._hands = Hands(telegram, people, Gestures(telegram, people))

    def routes(self, guard: Guard) -> list[web.RouteDef]:
        """List the routes, each behind the guard that it needs."""
        looks = [
            web.get(f"/play/{name}", guard(self._looking(look))) for name, look in LOOKS.items()
        ]
        acts = [
            web.post(f"/play/{name}", guard.acting(self._acting(act)))
            for name, act in ACTIONS.items()
        ]
        return [*looks, *acts]

    def _looking(self, look: Callable[[Telegram, Reader], Record]) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                return _json(look(self._telegram, Reader(request.query)))
            except PlayError as error:
                return _json({"error": error.sentence}, error.status)

        return handler

    def _acting(self, act: Callable[[Hands, Params], Record]) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            last = self._telegram.world.events.last
            try:
                done = act(self._hands, await self._params(request))
                return _json({"last": last, **done})
            except PlayError as error:
                return _json({"error": error.sentence}, error.status)
            except ApiError as error:
                return _json({"error": error.description}, error.code)

        return handler

    async def _params(self, request: web.Request) -> Params:
        try:
            params = await read(request, _UPLOAD_LIMIT)
            inner = json.loads(params.values.pop("message", None) or "{}")
        except (ValueError, TypeError):
            raise PlayError("The body is no valid JSON.") from None
        if not isinstance(inner, dict):
            raise PlayError("The field 'message' has to be a JSON object.")
        return Params({**params.values, **inner}, params.uploads)


def _json(record: Record, status: int = 200) -> web.Response:
    return web.Response(text=encode(record), status=status, content_type="application/json")
