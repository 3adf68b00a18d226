"""Only this machine's own pages and programs are let in."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_BODIES = {"application/json", "multipart/form-data"}


class Guard:
    """Turns away names that were rebound to this address and pages of other origins."""

    def __init__(self, host: str) -> None:
        self._host = host.lower()

    def __call__(self, handler: Handler) -> Handler:
        """Stand before a handler."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self.knows(request.host):
                return _refusal(403, "This host name is not served here.")
            return await handler(request)

        return guarded

    def acting(self, handler: Handler) -> Handler:
        """Stand before a handler that changes something."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.content_type not in _BODIES:
                return _refusal(415, "The body has to be JSON or a multipart form.")
            if not _same_origin(request):
                return _refusal(403, "Pages of other origins may not act here.")
            return await handler(request)

        return self(guarded)

    def knows(self, host: str) -> bool:
        """Tell whether a Host header names this machine or the configured host."""
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        return name in ("localhost", self._host) or name.endswith(".localhost") or _loopback(name)


def _loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _same_origin(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or origin in (f"http://{request.host}", f"https://{request.host}")


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)
