"""Who the bot is: its name, its descriptions, its commands."""

import re
from functools import partial
from typing import Any

from playground.errors import bad_request
from playground.methods.call import Method
from playground.params import Params
from playground.records import Record, encode
from playground.telegram import Telegram
from playground.text import units

_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_TEXTS = {"name": 64, "description": 512, "short_description": 120}
_SCOPES = frozenset((
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
))  # fmt: skip


def get_me(telegram: Telegram, _params: Params) -> Record:
    """Tell the bot who it is."""
    return telegram.world.me()


def goodbye(_telegram: Telegram, _params: Params) -> bool:
    """Let the bot leave; here nothing has to be moved."""
    return True


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _scope(telegram: Telegram, params: Params) -> Record:
    scope = params.record("scope", "BotCommandScope") or {"type": "default"}
    if str(scope.get("type")) not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if "chat_id" in scope:
        scope = {**scope, "chat_id": telegram.world.target(str(scope["chat_id"])).id}
    return scope


def _key(telegram: Telegram, params: Params) -> tuple[str, str]:
    return encode(_scope(telegram, params)), _language(params)


def set_commands(telegram: Telegram, params: Params) -> bool:
    """Set the commands for a scope and a language."""
    key = _key(telegram, params)
    commands = [_command(given) for given in params.listed("commands", "BotCommand")]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    telegram.profile.commands[key] = commands
    _tell(telegram)
    return True


def _command(given: Any) -> Record:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(given.get("command", "")), str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 0 < units(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}


def get_commands(telegram: Telegram, params: Params) -> list[Record]:
    """Give the commands of exactly one scope and language."""
    return telegram.profile.commands.get(_key(telegram, params), [])


def delete_commands(telegram: Telegram, params: Params) -> bool:
    """Forget the commands of one scope and language."""
    telegram.profile.commands.pop(_key(telegram, params), None)
    _tell(telegram)
    return True


def _tell(telegram: Telegram) -> None:
    telegram.world.events.publish("commands", None, commands=telegram.profile.listed())


def set_text(what: str, telegram: Telegram, params: Params) -> bool:
    """Set one of the bot's texts for a language."""
    text, language = params.text(what).strip(), _language(params)
    if units(text) > _TEXTS[what]:
        raise bad_request(f"bot {what.replace('_', ' ')} is too long")
    telegram.profile.texts[what, language] = text
    return True


def get_text(what: str, telegram: Telegram, params: Params) -> Record:
    """Give one of the bot's texts, in the language or in the one for all."""
    texts = telegram.profile.texts
    default = telegram.world.bot["first_name"] if what == "name" else ""
    return {what: texts.get((what, _language(params))) or texts.get((what, "")) or default}


def _titled(what: str) -> str:
    return "".join(word.capitalize() for word in what.split("_"))


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "logOut": goodbye,
    "close": goodbye,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    **{f"setMy{_titled(what)}": partial(set_text, what) for what in _TEXTS},
    **{f"getMy{_titled(what)}": partial(get_text, what) for what in _TEXTS},
}
