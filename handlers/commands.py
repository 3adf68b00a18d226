"""Commands."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import Message

from domain.messages import SOUNDING, VISIBLE, Incoming, Kind
from handlers.called import Called
from handlers.translate import TASKS, borrowed, incoming, linked
from services.intake import Desk

router = Router(name="commands")

PLAIN = (
    *("start", "help", "stop", "status", "model", "language", "voice", "documents"),
    *("quota", "grant"),
)

FILMED = frozenset({Kind.VIDEO, Kind.ANIMATION})
"""What a GIF can be made of."""

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


@router.message(Called("image", "video"))
async def on_make(message: Message, command: str, words: str, intake: Desk) -> None:
    """Have something made, from the picture that it stands under or replies to if there is one."""
    said = borrowed(message, words, VISIBLE)
    task = "film" if command == "video" else "draw"
    await intake.accept(task, _described(said), sent_at=message.date.timestamp())


@router.message(Called("gif"))
async def on_gif(message: Message, words: str, intake: Desk) -> None:
    """Make a GIF of the film that it replies to; else film one."""
    said, sent_at = borrowed(message, words, VISIBLE | FILMED), message.date.timestamp()
    if any(one.kind in FILMED for one in said.attachments):
        await intake.accept("gif", said, sent_at=sent_at)
    else:
        said = _described(said)
        looping = replace(said, text=f"{said.text} --gif".strip())
        await intake.accept("film", looping, sent_at=sent_at)


def _described(said: Incoming) -> Incoming:
    """The same; what a reply without words is about is its description."""
    if said.text or said.attachments or said.about is None:
        return said
    return replace(said, text=said.about.text)
