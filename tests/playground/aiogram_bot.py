"""A real aiogram bot, of which only the address of its server is set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from playground.server import Playground


@asynccontextmanager
async def real_bot(play: Playground) -> AsyncIterator[Bot]:
    """Connect an unmodified bot to a playground."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(play.url))
    async with Bot(play.token, session=session) as bot:
        yield bot
