"""A fake hub that serves one file as the true ones do: over a redirect, with ranges."""

from __future__ import annotations

import hashlib

from aiohttp import web

from tests.fakes.serving import Fake, Request


class FakeHub(Fake):
    """Serves `content`; what it does not do can be switched off.

    `vouches` tells the checksum in the redirect, `resumes` takes ranges, `breaks_at` cuts the
    connection after so many bytes, once.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.vouches = self.resumes = self.tells_length = True
        self.breaks_at: int | None = None

    def routes(self) -> list[web.RouteDef]:
        """The address that people use, and the one that it leads to."""
        return [
            self.route("GET", "/resolve/main/{name}", self._lead),
            self.route("GET", "/store/{name}", self._serve),
        ]

    async def _lead(self, request: web.Request, _noted: Request) -> web.Response:
        headers = {"X-Linked-Etag": f'"{self.sha256}"'} if self.vouches else {}
        place = f"/store/{request.match_info['name']}"
        return web.Response(status=302, headers={"Location": place, **headers})

    async def _serve(self, request: web.Request, _noted: Request) -> web.StreamResponse:
        first = request.http_range.start or 0 if self.resumes else 0
        if first >= len(self.content):
            return web.Response(status=416)
        rest = self.content[first:]
        response = web.StreamResponse(status=206 if first else 200)
        if self.tells_length:
            response.content_length = len(rest)
        await response.prepare(request)
        if self.breaks_at is not None:
            await response.write(rest[: self.breaks_at])
            self.breaks_at = None
            if request.transport is not None:
                request.transport.close()
            return response
        await response.write(rest)
        await response.write_eof()
        return response
