"""Events over HTTP: as a stream for the page, as a long poll for tests."""

from contextlib import suppress

from aiohttp import web

from playground.errors import PlayError
from playground.events import Events
from playground.playing import Reader

PULSE = 15.0
LONGEST = 60.0


class EventApi:
    """Hands events to whoever follows them."""

    def __init__(self, events: Events) -> None:
        self._events = events

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer with a stream, or with what comes within the time that is named."""
        reader = Reader(request.query)
        try:
            chat, since = reader.number("chat_id"), reader.number("since")
            wait = reader.number("wait")
        except PlayError as error:
            return web.json_response({"error": error.sentence}, status=error.status)
        if since is None:
            since = _last_seen(request)
        if "application/json" in request.headers.get("Accept", "") or wait is not None:
            return await self._poll(chat, self._start(since, 0), wait or 0)
        return await self._stream(request, chat, self._start(since, self._events.last))

    def _start(self, since: int | None, default: int) -> int:
        if since is None:
            return default
        return since if since <= self._events.last else 0

    async def _poll(self, chat: int | None, since: int, wait: float) -> web.Response:
        events = await self._events.wait(since, chat, min(wait, LONGEST))
        last = events[-1].n if events else max(since, 0)
        listed = ",".join(event.body for event in events)
        return web.Response(
            text=f'{{"events":[{listed}],"last":{last}}}', content_type="application/json"
        )

    async def _stream(
        self, request: web.Request, chat: int | None, since: int
    ) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        with suppress(ConnectionError):
            await response.write(b"retry: 1000\n\n")
            while not self._events.closed:
                events = await self._events.wait(since, chat, PULSE)
                since = events[-1].n if events else since
                lines = "".join(f"id: {event.n}\ndata: {event.body}\n\n" for event in events)
                await response.write((lines or ": still here\n\n").encode())
        return response


def _last_seen(request: web.Request) -> int | None:
    value = request.headers.get("Last-Event-ID", "")
    return int(value) if value.isdigit() else None
