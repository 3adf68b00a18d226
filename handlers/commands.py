"""Commands."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from handlers.translate import incoming
from services.intake import Desk

router = Router(name="commands")

PLAIN = ("start", "help", "stop", "status", "model", "language")


@router.message(Command(*PLAIN))
async def on_command(message: Message, command: CommandObject, intake: Desk) -> None:
    """Answer a command at once, whatever else is going on."""
    said = incoming(message, command.args or "")
    await intake.act(command.command, said, sent_at=message.date.timestamp())


@router.message(Command("new"))
async def on_new(message: Message, intake: Desk) -> None:
    """Begin anew after what was asked before; the order of a chat is strict."""
    said = incoming(message, "")
    await intake.act("new", said, sent_at=message.date.timestamp(), in_order=True)


@router.message(Command("ask"))
async def on_ask(message: Message, command: CommandObject, intake: Desk) -> None:
    """Queue what stands behind the command, or what it replies to."""
    said = incoming(message, command.args or "")
    asked = bool(said.text or (said.about and said.about.text))
    sent_at = message.date.timestamp()
    if asked:
        await intake.accept("chat", said, sent_at=sent_at)
    else:
        await intake.act("empty", said, sent_at=sent_at)
