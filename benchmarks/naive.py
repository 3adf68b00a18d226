"""The baseline: a bot as people write it with aiogram, with nothing taken from this project.

It polls by aiogram's own loop, streams from Ollama with httpx, edits its message each second, and
remembers in a dictionary what was said.
"""

import argparse
import asyncio
import json
import time
from collections import defaultdict
from typing import Any

import httpx
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

EDIT_SECONDS = 1.0

routes = Dispatcher()
histories: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)


@routes.message(F.text)
async def on_text(message: Message, ollama: httpx.AsyncClient, model: str) -> None:
    """Answer a question, showing what there is so far once a second."""
    history = histories[message.chat.id]
    history.append({"role": "user", "content": message.text})
    sent = await message.answer("…")
    text, shown, shown_at = "", "", time.monotonic()
    question = {"model": model, "messages": history, "stream": True}
    async with ollama.stream("POST", "/api/chat", json=question) as response:
        async for line in response.aiter_lines():
            text += json.loads(line)["message"]["content"]
            if text != shown and time.monotonic() - shown_at >= EDIT_SECONDS:
                await sent.edit_text(text)
                shown, shown_at = text, time.monotonic()
    if text != shown:
        await sent.edit_text(text)
    history.append({"role": "assistant", "content": text})


async def main() -> None:
    """Serve until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--telegram", "--token", "--ollama", "--model"):
        parser.add_argument(option, required=True)
    given = parser.parse_args()
    session = AiohttpSession(api=TelegramAPIServer.from_base(given.telegram))
    async with httpx.AsyncClient(base_url=given.ollama, timeout=120) as ollama:
        bot = Bot(given.token, session=session)
        await routes.start_polling(bot, ollama=ollama, model=given.model)


if __name__ == "__main__":
    asyncio.run(main())
