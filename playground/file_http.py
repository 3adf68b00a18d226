"""Files over HTTP: for the bot with its token, for the page by identifier."""

from aiohttp import web

from playground.files import StoredFile
from playground.telegram import Telegram

_SHOWN = ("image/", "audio/", "video/")
_DANGEROUS = ("image/svg",)


class FileApi:
    """Hands out the bytes of files."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def for_bot(self, request: web.Request) -> web.StreamResponse:
        """Answer a download by the bot."""
        if request.match_info["token"] != self._telegram.world.options.token:
            return _missing(401, "Unauthorized")
        stored = self._telegram.files.at(request.match_info["path"])
        if stored is None or len(stored.body) > self._telegram.world.knobs.max_download:
            return _missing(404, "Not Found")
        return web.Response(body=stored.body, content_type="application/octet-stream")

    async def for_page(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file for the page; what could act like a page is only downloaded."""
        stored = self._telegram.files.find(request.match_info["file_id"])
        if stored is None:
            return web.json_response({"error": "There is no such file."}, status=404)
        return _ranged(stored, request)


def _ranged(stored: StoredFile, request: web.Request) -> web.Response:
    """Players ask for parts of sounds and films."""
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(None)
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=86400, immutable",  # its name tells its content
    }
    shown = stored.mime.startswith(_SHOWN) and not stored.mime.startswith(_DANGEROUS)
    if not shown:
        headers["Content-Disposition"] = f'attachment; filename="{_ascii(stored.name)}"'
    kind = stored.mime if shown else "application/octet-stream"
    start, stop, _ = wanted.indices(len(stored.body))
    whole = (start, stop) == (0, len(stored.body))
    if not whole:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(stored.body)}"
    return web.Response(
        body=stored.body[start:stop],
        status=200 if whole else 206,
        headers=headers,
        content_type=kind,
    )


def _ascii(name: str) -> str:
    return name.encode("ascii", "replace").decode().replace('"', "_")


def _missing(status: int, words: str) -> web.Response:
    body = {"ok": False, "error_code": status, "description": words}
    return web.json_response(body, status=status)
