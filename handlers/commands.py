"""Commands."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import Message

from domain.messages import SOUNDING, VISIBLE, Kind
from handlers.called import Called
from handlers.translate import TASKS, borrowed, incoming, linked
from services.intake import Desk

router = Router(name="commands")

PLAIN = (
    *("start", "help", "stop", "status", "model", "language", "voice", "documents"),
    *("quota", "grant"),
)

SUM_UP = "Sum up the message above: what matters in it, and what it asks for."
"""What a model is asked that gets a message to sum up."""


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
    said, sent_at = (
        borrowed(message, words, SOUNDING | VISIBLE | {Kind.DOCUMENT}),
        message.date.timestamp(),
    )
    if task := TASKS.get(said.attachments[0].kind) if said.attachments else None:
        await intake.accept(task, said, sent_at=sent_at)
    elif said.attachments:
        await intake.act("unsupported", said, sent_at=sent_at)
    elif said.text or (said.about and said.about.text):
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)


@router.message(Called("transcribe"))
async def on_transcribe(message: Message, intake: Desk) -> None:
    """Write down the recording that it stands under or replies to; else switch that on or off."""
    said, sent_at = borrowed(message, "", SOUNDING), message.date.timestamp()
    if said.attachments:
        await intake.accept("transcribe", said, sent_at=sent_at)
    else:
        await intake.act("transcribing", said, sent_at=sent_at)


@router.message(Called("summarize", "summarise"))
async def on_summarize(message: Message, intake: Desk, words: str) -> None:
    """Sum up a document, a link or a message that it replies to, else what is spoken of."""
    sent_at = message.date.timestamp()
    said = borrowed(message, "", frozenset({Kind.DOCUMENT}))
    if any(one.kind is Kind.DOCUMENT for one in said.attachments):
        own = message.document is not None
        await intake.accept("read", replace(said, about=None) if own else said, sent_at=sent_at)
    elif page := linked(said, words):
        await intake.accept("read", page, sent_at=sent_at)
    elif said.about and said.about.text:
        await intake.accept("chat", replace(said, text=words or SUM_UP), sent_at=sent_at)
    else:
        await intake.accept("summarise", said, sent_at=sent_at)
