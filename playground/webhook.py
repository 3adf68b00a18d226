"""Updates that go to the bot by themselves: in order within a chat, again until they are taken."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, MultipartReader

from playground.body import read_parts
from playground.errors import ApiError
from playground.params import Params
from playground.updates import Pending, Updates

PATIENCE = ClientTimeout(total=60)
LONGEST_PAUSE = 60.0
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

Caller = Callable[[str, Params], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates go."""

    url: str
    secret: str = ""
    max_connections: int = 40


class Webhook:
    """Carries updates to a hook, one at a time for each lane."""

    def __init__(self, updates: Updates) -> None:
        self.hook: Hook | None = None
        self.first_pause = 1.0
        self.last_error: tuple[int, str] | None = None
        self._updates = updates
        self._lanes: dict[int, deque[Pending]] = {}
        self._seen = 0
        self._places = asyncio.Semaphore(1)

    def set(self, hook: Hook | None) -> None:
        """Send updates to a hook from now on, or to none."""
        self.hook = hook
        self.last_error = None
        self._lanes = {}
        self._seen = 0
        self._places = asyncio.Semaphore(hook.max_connections if hook else 1)
        self._updates.arrived.set()

    async def run(self, call: Caller) -> None:
        """Carry updates until this is cancelled."""
        async with ClientSession(timeout=PATIENCE) as http, asyncio.TaskGroup() as carriers:
            while True:
                await self._updates.arrived.wait()
                self._updates.arrived.clear()
                for lane in self._sorted() if self.hook else ():
                    carrier = self._carry(http, call, self.hook, self._lanes[lane], lane)
                    carriers.create_task(carrier, name=f"webhook lane {lane}")

    def _sorted(self) -> list[int]:
        """Put new updates into their lanes; give the lanes that were empty."""
        woken = []
        for update in self._updates.after(self._seen):
            self._seen = update.id
            if update.lane not in self._lanes:
                self._lanes[update.lane] = deque()
                woken.append(update.lane)
            self._lanes[update.lane].append(update)
        return woken

    async def _carry(
        self, http: ClientSession, call: Caller, hook: Hook | None, line: deque[Pending], lane: int
    ) -> None:
        pause = self.first_pause
        while line and hook and self.hook is hook:
            async with self._places:
                wait = await self._deliver(http, call, hook, line[0])
            if wait is None:
                self._updates.remove(line.popleft().id)
                pause = self.first_pause
            elif line[0].expires < time.monotonic():
                line.popleft()
            else:
                await asyncio.sleep(max(pause, wait))
                pause = min(2 * pause, LONGEST_PAUSE)
        if self._lanes.get(lane) is line:
            del self._lanes[lane]

    async def _deliver(
        self, http: ClientSession, call: Caller, hook: Hook, update: Pending
    ) -> float | None:
        """Send one update; give nothing if it was taken, else how long it is asked to wait."""
        headers = {"Content-Type": "application/json"}
        headers |= {_SECRET: hook.secret} if hook.secret else {}
        try:
            async with http.post(hook.url, data=update.body, headers=headers) as response:
                if response.ok:
                    await _obey(response, call)
                    return None
                self._note(f"Wrong response from the webhook: {response.status} {response.reason}")
                return _asked_pause(response)
        except (ClientError, TimeoutError, OSError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
            return 0.0

    def _note(self, words: str) -> None:
        self.last_error = (int(time.time()), words)


def _asked_pause(response: ClientResponse) -> float:
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0


async def _obey(response: ClientResponse, call: Caller) -> None:
    """Do what the answer to an update asks for, as the server does without telling how it went."""
    try:
        params = await _answer(response)
        method = str(params.values.pop("method", ""))
        if method:
            await call(method, params)
    except (ApiError, ValueError):
        return


async def _answer(response: ClientResponse) -> Params:
    if response.content_type == "multipart/form-data":
        return await read_parts(MultipartReader.from_response(response).stream, {}, 50 << 20)
    text = await response.text()
    values = json.loads(text) if text.strip() else {}
    return Params(values if isinstance(values, dict) else {})
