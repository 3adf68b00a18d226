"""A person with Telegram in their hands, for tests: writes, presses, and waits for answers."""

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

Record = dict[str, Any]
Wanted = Callable[[Record], bool]

PATIENCE = 10.0
_POLL = 20


def plain_client(url: str, *, timeout: float) -> httpx.AsyncClient:
    """Make a client for this machine: no proxy, and no certificates, which take long to load."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False, verify=context)


def _anything(_: Record) -> bool:
    return True


class Person:
    """One person in one chat of a playground.

    Waiting looks at all that has happened since the person's last act, and goes on behind what
    it has found, so nothing is missed and nothing is found twice.
    """

    def __init__(self, url: str, user_id: int, chat_id: int | None = None) -> None:
        self.user_id = user_id
        self.chat_id = user_id if chat_id is None else chat_id
        self.last = 0
        self._http = plain_client(url, timeout=_POLL + 10)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Put the telephone away."""
        await self._http.aclose()

    async def send(self, text: str = "", **fields: Any) -> Record:
        """Send a text, or whatever `/play/send` takes; give the (first) message."""
        answer = await self.act("send", text=text, **fields)
        sent: Record = answer["message"]
        return sent

    async def attach(
        self, kind: str, file: Path | bytes, *, name: str = "", **fields: Any
    ) -> Record:
        """Send a file as a photo, document, voice and so on; give the message."""
        body = file if isinstance(file, bytes) else await asyncio.to_thread(file.read_bytes)
        name = name or (file.name if isinstance(file, Path) else kind)
        message = json.dumps(self._who() | fields)
        answer = await self._http.post(
            "/play/send", data={"message": message}, files={kind: (name, body)}
        )
        sent: Record = self._checked(answer)["message"]
        return sent

    async def press(self, message: Record, button: str) -> str | Record:
        """Press a button by its data or its caption; give the query's id, or what was sent."""
        markup = message.get("reply_markup", {})
        rows = markup.get("inline_keyboard", markup.get("keyboard", []))
        buttons = [one for row in rows for one in row]
        chosen = next((b for b in buttons if button in (b.get("callback_data"), b["text"])), None)
        assert chosen, f"No button {button!r}; there are {[b['text'] for b in buttons]}"
        if "callback_data" not in chosen:
            return await self.send(chosen["text"])
        number, data = message["message_id"], chosen["callback_data"]
        answer = await self.act("press", message_id=number, data=data)
        return str(answer["callback_query_id"])

    async def edit(self, message: Record, text: str) -> Record:
        """Change one's own message."""
        answer = await self.act("edit", message_id=message["message_id"], text=text)
        changed: Record = answer["message"]
        return changed

    async def stop_draft(self, draft_id: int | None = None) -> None:
        """Press Stop on a draft, by default on the next one that is shown."""
        if draft_id is None:
            shown = await self.wait_event(lambda e: e["type"] == "draft" and e["can_stop"])
            draft_id = shown["draft_id"]
        await self.act("stop", draft_id=draft_id)

    async def act(self, what: str, **fields: Any) -> Record:
        """Do anything that `/play/` offers, as this person in this chat."""
        return self._checked(await self._http.post(f"/play/{what}", json=self._who() | fields))

    async def look(self, what: str, **query: Any) -> Record:
        """Look at anything that `/play/` shows, as `state`, `stats` or `calls`."""
        answer: Record = (await self._http.get(f"/play/{what}", params=query)).json()
        return answer

    async def messages(self) -> list[Record]:
        """List all that was said in the chat, oldest first."""
        listed: list[Record] = (await self.look("messages", chat_id=self.chat_id))["messages"]
        return listed

    async def replies(self, after: Record | int = 0) -> list[Record]:
        """List what the bot has said in the chat after a message."""
        number = after if isinstance(after, int) else after["message_id"]
        return [m for m in await self.messages() if m["message_id"] > number and _by_bot(m)]

    async def wait_reply(self, until: Wanted = _anything, timeout: float = PATIENCE) -> Record:  # noqa: ASYNC109 - the wait is the server's
        """Wait for a message of the bot, new or edited and never a draft, that satisfies."""

        def wanted(event: Record) -> bool:
            message = event.get("message", {})
            spoken = event["type"] in ("message", "edit") and _by_bot(message)
            return spoken and until(message)

        found: Record = (await self.wait_event(wanted, timeout))["message"]
        return found

    async def wait_event(self, until: Wanted = _anything, timeout: float = PATIENCE) -> Record:  # noqa: ASYNC109 - the wait is the server's
        """Wait for any event of the chat that satisfies."""
        seen: list[Record] = []
        deadline = _now() + timeout
        since = self.last
        while (left := deadline - _now()) > 0:
            answer = await self._events(since, left)
            events: list[Record] = answer["events"]
            for event in events:
                if until(event):
                    self.last = event["n"]
                    return event
            seen += events
            since = answer["last"]
        raise AssertionError(f"Not seen within {timeout} s. Seen instead: {_story(seen)}")

    async def _events(self, since: int, seconds: float) -> Record:
        wait = max(1, min(_POLL, round(seconds)))
        query = {"chat_id": self.chat_id, "since": since, "wait": wait}
        return await self.look("events", **query)

    def _who(self) -> Record:
        return {"chat_id": self.chat_id, "user_id": self.user_id}

    def _checked(self, response: httpx.Response) -> Record:
        answer: Record = response.json()
        assert response.status_code == 200, f"Refused: {answer.get('error', answer)}"
        self.last = answer["last"]
        return answer


def _now() -> float:
    return time.monotonic()


def _by_bot(message: Record) -> bool:
    return bool(message["from"]["is_bot"])


def _story(events: list[Record]) -> str:
    lines = [f"{event['type']}: {_gist(event)}" for event in events]
    return "nothing" if not lines else "\n  " + "\n  ".join(lines[-30:])


def _gist(event: Record) -> str:
    message = event.get("message", event)
    text = message.get("text") or message.get("caption")
    return repr(text) if text else str({k: v for k, v in message.items() if k != "chat"})[:200]
