"""Chat as OpenAI's servers and their many likenesses speak it, over server-sent events."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from domain.errors import (
    BackendError,
    BackendNonsense,
    BackendRejected,
    BackendUnavailable,
    ContextOverflow,
    ModelMissing,
)
from domain.messages import Turn
from services.aloud import Aloud
from services.complaints import Complaint
from services.exchange import complain, record
from services.skills import ChatOptions, Usage
from services.wire import Ask, Event, Wire

_OPTIONAL = ("max_tokens", "temperature", "stream_options")
_TOO_LONG = re.compile(r"context[ _](length|size)", re.IGNORECASE)
_LIMIT = re.compile(r"(?:context size \(|maximum context length (?:is |of )?)(\d+)")
_ROUTE = re.compile(r"/(chat/completions|embeddings|(audio|images)/\w+)$")
_ABOUT_CONTENT = re.compile("content type|image input")
_NO_SUCH_ADDRESS = re.compile(r"404 ?(404 |file |page )*(not found.*)?", re.IGNORECASE)

Messages = Sequence[Mapping[str, object]]


@dataclass(slots=True)
class Dialect:
    """The words of a question that a server does not take; learnt from what it refused."""

    refused: set[str] = field(default_factory=set)

    def body(self, model: str, messages: Messages, options: ChatOptions) -> dict[str, object]:
        """The question in this server's words."""
        body: dict[str, object] = {
            "model": model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": options.max_tokens,
        }
        if options.temperature is not None:
            body["temperature"] = options.temperature
        if "max_tokens" in self.refused:
            body["max_completion_tokens"] = options.max_tokens
        return {name: value for name, value in body.items() if name not in self.refused}

    def learn(self, error: BackendRejected, body: Mapping[str, object]) -> bool:
        """Whether the refusal was about a word that can be left out, which is remembered."""
        if error.code.startswith("unsupported_") or "nsupported" in error.reason:
            named = [name for name in _OPTIONAL if name in body and name in error.reason]
            self.refused.update(named[:1])
            return bool(named)
        return False


def named(model: str, url: str) -> str:
    """What a backend is called for the operator where nobody gave it a name."""
    where = urlsplit(url)
    port = f":{where.port}" if where.port else ""
    return f"{model} at {where.hostname}{port}"


def said(turns: Sequence[Turn]) -> Messages:
    """The lines of a conversation as such servers read them."""
    return [{"role": turn.role, "content": turn.text} for turn in turns]


async def chat(wire: Wire, ask: Ask, options: ChatOptions) -> AsyncGenerator[str, None]:
    """Yield an answer piece by piece, thoughts marked.

    A stream without a finish reason and without its end mark broke off: BackendUnavailable.
    """
    aloud, usage, finished = Aloud(), None, False
    async with aclosing(wire.events(ask, last=_is_end)) as events:
        async for event in events:
            if _is_end(event):
                finished = True
                continue
            chunk = _chunk(ask, event)
            usage = _usage(chunk) or usage
            choice = _choice(ask, chunk)
            finished = finished or bool(choice.get("finish_reason"))
            if piece := _piece(aloud, choice):
                yield piece
    if not finished:
        raise BackendUnavailable(ask.server, "the answer broke off")
    if usage:
        options.usage(usage)
    if closing := aloud.finish():
        yield closing


def explained(error: BackendRejected, ask: Ask) -> BackendError:
    """Recognise the refusals that mean something of their own."""
    if error.code == "model_not_found" or (error.status == 404 and _names_no_model(error)):
        model = _asked_for(ask)
        return ModelMissing(ask.server, model, _cure(model, ask.url))
    if error.status in {400, 413} and _TOO_LONG.search(f"{error.code} {error.reason}"):
        limit = _LIMIT.search(error.reason)
        return ContextOverflow(ask.server, error.reason, int(limit[1]) if limit else 0)
    return error


def _names_no_model(error: BackendRejected) -> bool:
    """Whether a 404 is about the model; it may as well be about the address or the content."""
    return not (_NO_SUCH_ADDRESS.fullmatch(error.reason) or _ABOUT_CONTENT.search(error.reason))


def _asked_for(ask: Ask) -> str:
    said: Mapping[str, object] = ask.form.texts if ask.form else ask.body or {}
    return str(said.get("model", ""))


def _cure(model: str, url: str) -> str:
    base = _ROUTE.sub("", url)
    if "/" not in model:
        return f"curl {base}/models, and set one of its models"
    # servers of speech fetch a model themselves, but only when they are told to
    return f"curl -X POST {base}/models/{model}" if "/audio/" in url else f"hf download {model}"


def _is_end(event: Event) -> bool:
    return event.text.strip() == "[DONE]"


def _chunk(ask: Ask, event: Event) -> dict[str, Any]:
    chunk = record(ask, event.text.encode())
    if event.name == "error" or chunk.get("error"):
        raise _complained(ask, chunk if "error" in chunk else {"error": chunk})
    return chunk


def _complained(ask: Ask, raw: dict[str, Any]) -> BackendError:
    match raw["error"]:
        case {"code": int(status)} if 400 <= status < 600:
            error = complain(ask, status, Complaint.of(raw))
        case _:
            error = complain(ask, 0, Complaint.of(raw))
    return explained(error, ask) if isinstance(error, BackendRejected) else error


def _choice(ask: Ask, chunk: Mapping[str, Any]) -> dict[str, Any]:
    """The first choice of a chunk; the chunk that tells the usage has none."""
    match chunk:
        case {"choices": [{"finish_reason": "error"}, *_]}:
            raise BackendUnavailable(ask.server, "the answer broke off with an error")
        case {"choices": [dict(choice), *_]}:
            return choice
        case {"choices": []} | {"usage": _}:
            return {}
    raise BackendNonsense(ask.server, "a chunk has no choices")


def _piece(aloud: Aloud, choice: Mapping[str, Any]) -> str:
    # a server that does not stream sends the whole message in one chunk
    delta = choice.get("delta") or choice.get("message") or {}
    thought = delta.get("reasoning_content") or delta.get("reasoning") or ""
    said = delta.get("content") or ""
    return aloud.say(thought, said)


def _usage(chunk: Mapping[str, Any]) -> Usage | None:
    match chunk:
        case {"usage": {"prompt_tokens": int(read), "completion_tokens": int(written)}}:
            return Usage(read, written)
    return None
