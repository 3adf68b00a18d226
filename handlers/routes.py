"""All handlers, in the order in which they are tried."""

from functools import cache

from aiogram import Dispatcher

from handlers import buttons, commands, edits, members, other, text, voice


@cache
def dispatcher() -> Dispatcher:
    """The one dispatcher: it keeps nothing, all it needs comes with each update."""
    routes = Dispatcher(disable_fsm=True)
    routes.include_routers(
        commands.router,
        voice.router,
        text.router,
        other.router,
        edits.router,
        buttons.router,
        members.router,
    )
    return routes
