"""Only this machine's own pages and programs are let in."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_BODIES = {"application/json", "multipart/form-data"}


class Guard:
    """Turns away names that were rebound to this address and pages of other origins."""

    def __init__(self, *hosts: str) -> None:
        self._hosts = {"localhost", *(host.lower() for host in hosts)}

    def page(self, handler: Handler) -> Handler:
        """Stand before a page, to which a link may lead from anywhere."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self.knows(request.host):
                return _refusal(403, "This host name is not served here.")
            return await handler(request)

        return guarded

    def __call__(self, handler: Handler) -> Handler:
        """Stand before a handler that programs and the own page may call."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if _foreign(request):
                return _refusal(403, "Pages of other origins may not call this.")
            return await handler(request)

        return self.page(guarded)

    def acting(self, handler: Handler) -> Handler:
        """Stand before a handler by which people act."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.content_type not in _BODIES:
                return _refusal(415, "The body has to be JSON or a multipart form.")
            return await handler(request)

        return self(guarded)

    def knows(self, host: str) -> bool:
        """Tell whether a Host header names this machine or a configured host."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self._hosts or name.endswith(".localhost") or _loopback(name)


def _loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _foreign(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    own = origin is None or origin in (f"http://{request.host}", f"https://{request.host}")
    return not own or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)
