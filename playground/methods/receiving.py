"""How updates reach the bot: it asks for them, or has them sent."""

import re
from urllib.parse import urlsplit

from playground.errors import ApiError, bad_request
from playground.methods.call import Method
from playground.params import Params
from playground.records import Encoded, Record
from playground.telegram import Telegram
from playground.webhook import Hook

_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active;"
    " use deleteWebhook to delete the webhook first"
)


async def get_updates(telegram: Telegram, params: Params) -> Encoded:
    """Wait for updates and hand over those that are not confirmed."""
    if telegram.webhook.hook:
        raise ApiError(409, _ACTIVE)
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


def set_webhook(telegram: Telegram, params: Params) -> bool:
    """Have updates sent to an address."""
    url, secret = params.text("url").strip(), params.text("secret_token")
    if url and not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    remember_allowed(telegram, params)
    _drop_if_asked(telegram, params)
    connections = min(max(params.integer("max_connections", 40), 1), 100)
    telegram.webhook.set(Hook(url, secret, connections) if url else None)
    telegram.world.updates.interrupt("Conflict: terminated by setWebhook request")
    return True


def delete_webhook(telegram: Telegram, params: Params) -> bool:
    """Go back to asking for updates."""
    _drop_if_asked(telegram, params)
    telegram.webhook.set(None)
    return True


def _drop_if_asked(telegram: Telegram, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        telegram.world.updates.drop()


def webhook_info(telegram: Telegram, _params: Params) -> Record:
    """Tell where updates go and how well they arrive."""
    hook, updates = telegram.webhook.hook, telegram.world.updates
    told: Record = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates),
    }
    if hook:
        told |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if telegram.webhook.last_error:
        date, words = telegram.webhook.last_error
        told |= {"last_error_date": date, "last_error_message": words}
    return told | ({"allowed_updates": sorted(updates.allowed)} if updates.allowed else {})


METHODS: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
}
