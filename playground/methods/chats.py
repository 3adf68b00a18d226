"""What the bot can know and do about chats and the people in them."""

from functools import partial

from playground.chats import Chat
from playground.errors import bad_request, forbidden
from playground.methods.call import Method
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram

_GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}
_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_welcome_messages", "can_manage_topics", "can_pin_messages",
)  # fmt: skip
_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
    "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip


def _target(telegram: Telegram, params: Params) -> Chat:
    return telegram.world.target(params.text("chat_id"))


def get_chat(telegram: Telegram, params: Params) -> Record:
    """Tell all about a chat."""
    chat = _target(telegram, params)
    full: Record = {**chat.brief, "accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11}
    full["accepted_gift_types"] = _GIFTS
    if not chat.private:
        full["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]]
    return full


def _member(telegram: Telegram, chat: Chat, number: int) -> Record:
    user = (
        telegram.world.bot if number == telegram.world.bot["id"] else telegram.world.users[number]
    )
    if number in chat.administrators:
        return {"status": "administrator", "user": user, **dict.fromkeys(_RIGHTS, True)}
    if number == _owner(chat):
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member" if number in chat.members else "left", "user": user}


def _owner(chat: Chat) -> int | None:
    return None if chat.private else next(iter(chat.members), None)


def get_member(telegram: Telegram, params: Params) -> Record:
    """Tell what somebody is in a chat."""
    chat, number = _target(telegram, params), params.integer("user_id")
    if number not in telegram.world.users and number != telegram.world.bot["id"]:
        raise bad_request("user not found" if number > 0 else "invalid user_id specified")
    return _member(telegram, chat, number)


def get_administrators(telegram: Telegram, params: Params) -> list[Record]:
    """List who runs a chat, without other bots."""
    chat = _target(telegram, params)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    owner = _owner(chat)
    numbers = [*([owner] if owner else []), *sorted(chat.administrators - {owner})]
    return [_member(telegram, chat, number) for number in numbers]


def count_members(telegram: Telegram, params: Params) -> int:
    """Count who is in a chat; a private chat has two."""
    chat = _target(telegram, params)
    return 2 if chat.private else len(chat.members)


def leave(telegram: Telegram, params: Params) -> bool:
    """Let the bot leave a group."""
    chat = _target(telegram, params)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    if telegram.world.bot["id"] not in chat.members:
        raise forbidden("bot is not a member of the chat")
    chat.members.remove(telegram.world.bot["id"])
    telegram.world.events.publish("chat", None, chat=chat.record())
    return True


def pin(telegram: Telegram, params: Params) -> bool:
    """Pin a message."""
    chat, number = _target(telegram, params), params.integer("message_id")
    if number not in chat.messages:
        raise bad_request("message to pin not found")
    if number not in chat.pinned:
        chat.pinned.append(number)
    _tell(telegram, chat)
    return True


def unpin(telegram: Telegram, params: Params) -> bool:
    """Unpin a message, or the newest pinned one."""
    chat = _target(telegram, params)
    number = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    _tell(telegram, chat)
    return True


def unpin_all(telegram: Telegram, params: Params) -> bool:
    """Unpin everything."""
    chat = _target(telegram, params)
    chat.pinned.clear()
    _tell(telegram, chat)
    return True


def _tell(telegram: Telegram, chat: Chat) -> None:
    telegram.world.events.publish("chat", None, chat={**chat.record(), "pinned": chat.pinned})


def photos_of(telegram: Telegram, params: Params) -> Record:
    """List somebody's portraits; nobody here has any."""
    if params.integer("user_id") not in telegram.world.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


def menu_button(telegram: Telegram, params: Params, *, change: bool) -> object:
    """Set or give the button beside the field for messages."""
    key = params.text("chat_id")
    if not change:
        return telegram.profile.menu_buttons.get(key, {"type": "commands"})
    given = params.record("menu_button", "MenuButton")
    telegram.profile.menu_buttons[key] = given or {"type": "default"}
    return True


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": count_members,
    "leaveChat": leave,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
    "getUserProfilePhotos": photos_of,
    "setChatMenuButton": partial(menu_button, change=True),
    "getChatMenuButton": partial(menu_button, change=False),
}
