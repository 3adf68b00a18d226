"""The chat page, served under a policy that lets it load nothing from elsewhere."""

from pathlib import Path

from aiohttp import web

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PageApi:
    """Serves the files of one folder and nothing outside of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file of the page."""
        wanted = self._folder / (request.match_info.get("name") or "index.html")
        path = wanted.resolve()
        if not path.is_relative_to(self._folder) or not path.is_file():
            return web.json_response({"error": "There is no such page."}, status=404)
        return web.FileResponse(path, headers=_HEADERS)
