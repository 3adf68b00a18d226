"""The Bot API over HTTP, as a bot sees it."""

import asyncio
import inspect
import random

from aiohttp import web

from playground.body import read
from playground.calls import Calls
from playground.errors import ApiError, bad_request
from playground.faults import Misfortune
from playground.methods import METHODS
from playground.params import Params
from playground.records import Encoded, Record, encode
from playground.telegram import Telegram


class BotApi:
    """Answers calls of methods; knows the token, the methods and the log."""

    def __init__(self, telegram: Telegram, calls: Calls) -> None:
        self._telegram = telegram
        self._calls = calls
        self._misfortune = Misfortune(telegram, random.Random(telegram.world.knobs.seed))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of a method."""
        name = request.match_info["method"]
        try:
            self._admit(request.match_info["token"])
            params = await self._params(request)
        except ApiError as error:
            self._calls.add(name, Params({}), error.code, error.description)
            return refusal(error)
        acting = self._act(request, name, params)
        if name.lower() == "getupdates":
            return await acting  # who has gone waits no longer
        return await asyncio.shield(acting)  # what was asked for is done, whoever has gone

    async def _act(self, request: web.Request, name: str, params: Params) -> web.StreamResponse:
        try:
            await self._misfortune.before(name, request)
            result = await self.call(name, params)
        except ApiError as error:
            self._calls.add(name, params, error.code, error.description)
            return refusal(error)
        self._calls.add(name, params, 200, None)
        self._misfortune.after(name, request)
        return _json(f'{{"ok":true,"result":{encode(result)}}}')

    async def call(self, name: str, params: Params) -> object:
        """Call a method by its name, however that is written."""
        method = METHODS.get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        result = method(self._telegram, params)
        return await result if inspect.isawaitable(result) else result

    def _admit(self, token: str) -> None:
        if token != self._telegram.world.options.token:
            raise ApiError(401, "Unauthorized")

    async def _params(self, request: web.Request) -> Params:
        limit = self._telegram.world.knobs.max_upload
        try:
            return await read(request, limit)
        except web.HTTPRequestEntityTooLarge:
            raise ApiError(413, "Request Entity Too Large") from None
        except ValueError:
            raise bad_request("can't parse request: broken body") from None


def refusal(error: ApiError) -> web.Response:
    """Put a refusal into the form that clients of the Bot API expect."""
    body: Record = {"ok": False, "error_code": error.code, "description": error.description}
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return _json(Encoded(encode(body)), error.code, headers)


def _json(text: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=text.encode(), status=status, headers=headers, content_type="application/json"
    )
