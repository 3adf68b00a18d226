"""Bodies of requests become parameters, however they are encoded."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web

from playground.errors import ApiError, bad_request
from playground.params import Params, Upload

FIELD_LIMIT = 4 << 20
_PIECE = 1 << 20  # more than a stream holds back: what is read is never put back
_NOT_UTF8 = "strings must be encoded in UTF-8"
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
    text = _text(body)
    if kind == "application/x-www-form-urlencoded":
        return _form(text)
    if kind != "application/json" or not text.strip():
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise bad_request("can't parse request: invalid JSON") from None
    if not isinstance(values, dict):
        raise bad_request("can't parse request: expected a JSON object")
    if "\\ud" in text.lower():
        _refuse_halves(values)
    return values


def _form(text: str) -> dict[str, Any]:
    try:
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad_request(_NOT_UTF8) from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise bad_request(_NOT_UTF8) from None


def _refuse_halves(values: dict[str, Any]) -> None:
    """Refuse half a surrogate pair, which JSON can write and no encoding can carry."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request(_NOT_UTF8) from None


async def read_parts(reader: MultipartReader, values: dict[str, Any], limit: int) -> Params:
    """Read a form of several parts, of which some may be files."""
    uploads: dict[str, Upload] = {}
    room = limit
    async for part in reader:
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        body = await _whole(part, room if part.filename else FIELD_LIMIT)
        if part.filename is None:
            values[part.name] = _text(body)
            continue
        room -= len(body)
        mime = part.headers.get("Content-Type", "application/octet-stream")
        uploads[part.name] = Upload(safe_name(part.filename), mime.partition(";")[0], body)
    return Params(values, uploads)


async def _whole(part: BodyPartReader, limit: int) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk(_PIECE):
        body += chunk
        if len(body) > limit:
            raise ApiError(413, "Request Entity Too Large")
    return bytes(body)


def safe_name(name: str) -> str:
    """Take everything out of a file name that could lead elsewhere."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSAFE.sub("_", bare).strip(". ")[:120] or "file"
