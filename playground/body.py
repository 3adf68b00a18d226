"""Bodies of requests become parameters, however they are encoded."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web

from playground.errors import ApiError, bad_request
from playground.params import Params, Upload

FIELD_LIMIT = 4 << 20
_UNSAFE = re.compile(r"[^\w.()+ -]")


async def read(request: web.Request, limit: int) -> Params:
    """Read the parameters of a call from its address and its body."""
    values: dict[str, Any] = dict(request.query)
    kind = request.content_type
    if kind == "multipart/form-data":
        return await read_parts(await request.multipart(), values, limit)
    if request.method == "POST" and request.can_read_body:
        values |= _decoded(kind, await request.read())
    return Params(values)


def _decoded(kind: str, body: bytes) -> dict[str, Any]:
    text = body.decode("utf-8", "replace")
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(text, keep_blank_values=True))
    if kind != "application/json" or not text.strip():
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise bad_request("can't parse request: invalid JSON") from None
    if not isinstance(values, dict):
        raise bad_request("can't parse request: expected a JSON object")
    return values


async def read_parts(reader: MultipartReader, values: dict[str, Any], limit: int) -> Params:
    """Read a form of several parts, of which some may be files."""
    uploads: dict[str, Upload] = {}
    room = limit
    async for part in reader:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        body = await _whole(part, room if part.filename else FIELD_LIMIT)
        if part.filename is None:
            values[part.name] = body.decode("utf-8", "replace")
            continue
        room -= len(body)
        mime = part.headers.get("Content-Type", "application/octet-stream")
        uploads[part.name] = Upload(safe_name(part.filename), mime.partition(";")[0], body)
    return Params(values, uploads)


async def _whole(part: BodyPartReader, limit: int) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        body += chunk
        if len(body) > limit:
            raise ApiError(413, "Request Entity Too Large")
    return bytes(body)


def safe_name(name: str) -> str:
    """Take everything out of a file name that could lead elsewhere."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSAFE.sub("_", bare).strip(". ")[:120] or "file"
