"""What the first answer needs is made ready while nobody waits."""

from __future__ import annotations

from aiogram.methods import TelegramMethod

from bot.delivery import calls, uploads
from bot.delivery.markdown import parts
from bot.delivery.session import Session

CALLS: tuple[type[TelegramMethod[object]], ...] = (
    calls.DraftText,
    calls.DraftRich,
    calls.Typing,
    calls.SendText,
    calls.SendRich,
    calls.EditText,
    calls.EditCaption,
    uploads.SendVoice,
    calls.Delete,
)


def warm(session: Session) -> None:
    """Import the renderer and build the models of our calls; made for a thread."""
    parts("**warm**")
    session.warm(CALLS)
