"""Commands."""

from aiogram import Router
from aiogram.types import Message

from domain.messages import SOUNDING
from handlers.called import Called
from handlers.translate import borrowed, incoming
from services.intake import Desk

router = Router(name="commands")

PLAIN = ("start", "help", "stop", "status", "model", "language", "voice")


@router.message(Called(*PLAIN))
async def on_command(message: Message, command: str, words: str, intake: Desk) -> None:
    """Answer a command at once, whatever else is going on."""
    await intake.act(command, incoming(message, words), sent_at=message.date.timestamp())


@router.message(Called("new"))
async def on_new(message: Message, intake: Desk) -> None:
    """Begin anew after what was asked before; the order of a chat is strict."""
    said = incoming(message, "")
    await intake.act("new", said, sent_at=message.date.timestamp(), in_order=True)


@router.message(Called("ask"))
async def on_ask(message: Message, words: str, intake: Desk) -> None:
    """Queue what stands behind the command, or what it replies to."""
    said, sent_at = borrowed(message, words), message.date.timestamp()
    if any(one.kind in SOUNDING for one in said.attachments):
        await intake.accept("hear", said, sent_at=sent_at)
    elif said.attachments:
        await intake.act("unsupported", said, sent_at=sent_at)
    elif said.text or (said.about and said.about.text):
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)


@router.message(Called("transcribe"))
async def on_transcribe(message: Message, intake: Desk) -> None:
    """Write down the recording that it stands under or replies to; else switch that on or off."""
    said, sent_at = borrowed(message, ""), message.date.timestamp()
    if said.attachments:
        await intake.accept("transcribe", said, sent_at=sent_at)
    else:
        await intake.act("transcribing", said, sent_at=sent_at)


@router.message(Called())
async def on_unknown(message: Message, intake: Desk) -> None:
    """Answer a command that does not exist."""
    await intake.act("unknown", incoming(message), sent_at=message.date.timestamp())
