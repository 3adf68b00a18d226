"""Who the bot is."""

from playground.methods.call import Method
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram


def get_me(telegram: Telegram, _params: Params) -> Record:
    """Tell the bot who it is."""
    return telegram.world.me()


METHODS: dict[str, Method] = {"getMe": get_me}
