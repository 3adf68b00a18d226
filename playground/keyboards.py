"""Reply markup: the buttons under a message and the keyboard in place of the usual one."""

from typing import Any

from playground.errors import bad_request
from playground.params import Params
from playground.records import Record

DATA_LIMIT = 64
_ACTIONS = (
    "callback_data", "url", "login_url", "web_app", "copy_text", "pay", "callback_game",
    "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)  # fmt: skip
_LINKS = ("http://", "https://", "tg://", "ton://")


def keyboard(params: Params) -> Record:
    """Read the reply markup of a call; empty if there is none."""
    markup = params.record("reply_markup", "reply keyboard markup")
    if "inline_keyboard" in markup:
        return inline(markup)
    if "keyboard" in markup:
        return {**markup, "keyboard": _rows(markup["keyboard"], "keyboard", _reply_button)}
    if markup.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if markup.get("force_reply"):
        return markup
    return {}


def inline(markup: Record) -> Record:
    """Check an inline keyboard; one without any button is no keyboard."""
    rows = _rows(markup["inline_keyboard"], "inline_keyboard", _inline_button)
    return {"inline_keyboard": rows} if rows else {}


def _rows(rows: Any, field: str, check: Any) -> list[list[Record]]:
    what = "inline keyboard" if field == "inline_keyboard" else "keyboard"
    if not isinstance(rows, list):
        raise bad_request(f'Field "{field}" of the InlineKeyboardMarkup must be an Array of Arrays')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what} button: expected an Array of Arrays")
    return [checked for row in rows if (checked := [check(button) for button in row])]


def _reply_button(button: Any) -> Record:
    button = {"text": button} if isinstance(button, str) else button
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    return button


def _inline_button(button: Any) -> Record:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    chosen = [name for name in _ACTIONS if button.get(name) is not None]
    if not chosen:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    _check_action(button, chosen[0])
    return button


def _check_action(button: Record, action: str) -> None:
    value = button[action]
    if action == "callback_data" and not 0 < len(str(value).encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not str(value).startswith(_LINKS) and "." not in str(value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
