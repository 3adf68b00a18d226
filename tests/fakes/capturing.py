"""Compares what a fake answers with what the true server was recorded to answer."""

import json
import re
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes.serving import Fake

CAPTURES = Path(__file__).parents[1] / "captures"

# what true servers add to a chunk or a list, and no client of ours reads
UNREAD = {
    *("system_fingerprint", "timings", "aliases", "tags", "ftype"),
    *("n_embd", "n_params", "size", "prompt_tokens_details"),
}


def shape(raw: Any) -> Any:
    """The keys and types of a JSON value; what nobody reads is left out."""
    if isinstance(raw, dict):
        return {key: shape(value) for key, value in raw.items() if key not in UNREAD}
    if isinstance(raw, list):
        return [shape(raw[0])] if raw else []
    return type(raw).__name__


def frames(body: str) -> list[Any]:
    """The shapes of the frames of a stream, repetitions left out; text as it is."""
    found: list[Any] = []
    for line in body.splitlines():
        name, _, rest = line.partition(":") if not line.startswith("{") else ("", "", line)
        framed = (name, shape(json.loads(rest)) if "{" in rest else _plain(rest))
        if framed not in found:
            found.append(framed)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\d+", "0", text.strip())


def captured(path: str) -> tuple[int, str, str]:
    """Status, content type and body of a recorded answer."""
    head = (CAPTURES / f"{path}.headers").read_text()
    status = int(head.split(" ", 2)[1])
    kind = re.search(r"(?im)^content-type: *([^;\r\n]*)", head)
    body = CAPTURES / f"{path}.body"
    # sound was not kept
    return status, kind[1] if kind else "", body.read_text() if body.exists() else ""


async def answered(fake: Fake, path: str, body: Any) -> tuple[int, str, str]:
    """The same of the fake's answer to a question, which is JSON, a form or bytes."""
    kind = "data" if isinstance(body, aiohttp.FormData | bytes) else "json"
    given: dict[str, Any] = {kind: body}
    async with (
        aiohttp.ClientSession() as session,
        session.request("GET" if body is None else "POST", fake.url + path, **given) as answer,
    ):
        return answer.status, answer.content_type, await answer.text()


async def expect(capture: str, fake: Fake, path: str, body: Any = None) -> None:
    """Compare an answer with its capture."""
    status, kind, expected = captured(capture)
    found = await answered(fake, path, body)
    assert (status, kind) == found[:2]
    if "stream" in kind or "ndjson" in kind:
        assert frames(expected) == frames(found[2])
    elif expected.startswith("{"):
        assert shape(json.loads(expected)) == shape(json.loads(found[2]))
    else:
        assert expected == found[2]
