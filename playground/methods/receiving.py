"""How updates reach the bot: it asks for them."""

from playground.errors import bad_request
from playground.methods.call import Method
from playground.params import Params
from playground.records import Encoded
from playground.telegram import Telegram


async def get_updates(telegram: Telegram, params: Params) -> Encoded:
    """Wait for updates and hand over those that are not confirmed."""
    updates = telegram.world.updates
    remember_allowed(telegram, params)
    limit = min(max(params.integer("limit", 100), 1), 100)
    offset, seconds = params.integer("offset"), params.integer("timeout")
    batch = await updates.poll(offset, limit, seconds)
    return Encoded(f"[{','.join(update.body for update in batch)}]")


def remember_allowed(telegram: Telegram, params: Params) -> None:
    """Keep the kinds of updates that the bot wants until it names others."""
    if "allowed_updates" not in params:
        return
    kinds = params.listed("allowed_updates", "allowed updates")
    if not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    telegram.world.updates.allowed = frozenset(kinds)


METHODS: dict[str, Method] = {"getUpdates": get_updates}
