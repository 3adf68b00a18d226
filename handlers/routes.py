"""All handlers, in the order in which they are tried."""

from functools import cache

from aiogram import Dispatcher

from handlers import (
    buttons,
    commands,
    documents,
    edits,
    members,
    other,
    pictures,
    text,
    unknown,
    voice,
)


@cache
def dispatcher() -> Dispatcher:
    """The one dispatcher: it keeps nothing, all it needs comes with each update."""
    routes = Dispatcher(disable_fsm=True)
    routes.include_routers(
        commands.router,
        unknown.router,
        voice.router,
        pictures.router,
        documents.router,
        text.router,
        other.router,
        edits.router,
        buttons.router,
        members.router,
    )
    return routes
