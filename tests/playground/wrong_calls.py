"""Calls that are wrong, each with the words in which the real server refuses it."""

from typing import Any

Record = dict[str, Any]

LONG = "я" * 4097
RESERVED = "Character '.' is reserved and must be escaped with the preceding '\\'"
WORKSHOP = -1001000000001
SEND: Record = {"chat_id": 1, "text": "hi"}


def button(**fields: Any) -> Record:
    """Make a keyboard of one button."""
    return {"inline_keyboard": [[{"text": "press", **fields}]]}


def _bold(offset: int, length: int) -> list[Record]:
    return [{"type": "bold", "offset": offset, "length": length}]


REFUSALS: list[tuple[str, Record, str]] = [
    ("sendMessage", {"chat_id": 1}, "message text is empty"),
    ("sendMessage", {"chat_id": 1, "text": " \n "}, "text must be non-empty"),
    ("sendMessage", {"text": "hi"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 999, "text": "hi"}, "chat not found"),
    ("sendMessage", {"chat_id": 2, "text": "never wrote"}, "chat not found"),
    ("sendMessage", {"chat_id": "@nobody", "text": "hi"}, "chat not found"),
    ("sendMessage", {"chat_id": 1, "text": LONG}, "message is too long"),
    ("sendMessage", {"chat_id": 1, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {**SEND, "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "1.5", "parse_mode": "MarkdownV2"},
        f"can't parse entities: {RESERVED}",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "😀 *b", "parse_mode": "MarkdownV2"},
        "can't parse entities: Can't find end of Bold entity at byte offset 5",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a_b", "parse_mode": "Markdown"},
        "can't parse entities: Can't find end of the entity starting at byte offset 1",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a<br>b", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "br" at byte offset 1',
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "<b>a", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "sendMessage",
        {**SEND, "entities": _bold(0, 3)},
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 3",
    ),
    (
        "sendMessage",
        {**SEND, "entities": _bold(9, 1)},
        "entity begins after the end of the text at UTF-16 offset 9",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a😀", "entities": _bold(2, 1)},
        "entity begins in a middle of a UTF-16 symbol at byte offset 1",
    ),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a😀", "entities": _bold(0, 2)},
        "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 1",
    ),
    (
        "sendMessage",
        {**SEND, "reply_parameters": {"message_id": 777}},
        "message to be replied not found",
    ),
    (
        "sendMessage",
        {**SEND, "reply_markup": button(callback_data="я" * 33)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {**SEND, "reply_markup": button(callback_data="x" * 65)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {**SEND, "reply_markup": button()},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    ("sendMessage", {**SEND, "message_thread_id": 5}, "message thread not found"),
    (
        "sendMessage",
        {"chat_id": WORKSHOP, "text": "hi", "message_thread_id": 99},
        "message thread not found",
    ),
    ("editMessageText", {**SEND}, "message identifier is not specified"),
    ("editMessageText", {**SEND, "message_id": 777}, "message to edit not found"),
    ("editMessageText", {**SEND, "message_id": 1}, "message can't be edited"),
    ("deleteMessage", {"chat_id": 1, "message_id": 777}, "message to delete not found"),
    (
        "copyMessage",
        {"chat_id": 1, "from_chat_id": 1, "message_id": 777},
        "message to copy not found",
    ),
    (
        "forwardMessage",
        {"chat_id": 1, "from_chat_id": 1, "message_id": 777},
        "message to forward not found",
    ),
    ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": 1, "photo": "nonsense"},
        "wrong file identifier/HTTP URL specified",
    ),
    (
        "sendPhoto",
        {"chat_id": 1, "photo": "https://example.org/a.jpg"},
        "failed to get HTTP URL content",
    ),
    ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "answerInlineQuery",
        {"inline_query_id": "1", "results": []},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    ("sendMessageDraft", {"chat_id": -100, "draft_id": 1, "text": "x"}, "PEER_ID_INVALID"),
    ("sendMessageDraft", {"chat_id": 1, "draft_id": 0, "text": "x"}, "RANDOM_ID_INVALID"),
    ("sendMessageDraft", {"chat_id": 1, "draft_id": 1, "text": LONG}, "message is too long"),
    ("sendRichMessage", {"chat_id": 1, "rich_message": {}}, "message text is empty"),
    (
        "sendRichMessage",
        {"chat_id": 1, "rich_message": {"html": "a", "markdown": "a"}},
        "exactly one of the fields html, markdown, or blocks must be used",
    ),
    (
        "sendRichMessage",
        {"chat_id": 1, "rich_message": {"markdown": "x" * 32769}},
        "message is too long",
    ),
    (
        "sendRichMessage",
        {"chat_id": 1, "rich_message": {"blocks": [{"type": "thinking"}]}},
        'can\'t parse InputRichBlock: type "thinking" is unsupported',
    ),
    (
        "sendChatAction",
        {"chat_id": 1, "action": "dancing"},
        "wrong parameter action in request",
    ),
    (
        "setMessageReaction",
        {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "🪵"}]},
        "REACTION_INVALID",
    ),
    ("setMessageReaction", {"chat_id": 1, "message_id": 777}, "message to react not found"),
    (
        "setMyCommands",
        {"commands": [{"command": "No Good", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "fine", "description": ""}]},
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    ("editForumTopic", {"chat_id": WORKSHOP, "message_thread_id": 9}, "message thread not found"),
    (
        "editForumTopic",
        {"chat_id": WORKSHOP, "message_thread_id": 2, "name": "Plans"},
        "TOPIC_NOT_MODIFIED",
    ),
    ("createForumTopic", {"chat_id": WORKSHOP, "name": " "}, "TOPIC_TITLE_EMPTY"),
    ("createForumTopic", {"chat_id": WORKSHOP, "name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
    (
        "createForumTopic",
        {"chat_id": WORKSHOP, "name": "x", "icon_color": 5},
        "TOPIC_ICON_COLOR_INVALID",
    ),
    ("reopenForumTopic", {"chat_id": WORKSHOP, "message_thread_id": 2}, "TOPIC_NOT_MODIFIED"),
    ("deleteForumTopic", {"chat_id": WORKSHOP, "message_thread_id": 1}, "TOPIC_ID_INVALID"),
    ("sendContact", {"chat_id": 1}, "contact phone number is empty"),
    ("sendContact", {"chat_id": 1, "phone_number": "1"}, "contact first name is empty"),
    ("sendLocation", {"chat_id": 1, "latitude": 1}, "longitude is empty"),
    (
        "sendLocation",
        {"chat_id": 1, "latitude": 91, "longitude": 1},
        "wrong latitude or longitude specified",
    ),
    ("sendDice", {"chat_id": 1, "emoji": "x"}, "wrong dice emoji specified"),
    (
        "sendPoll",
        {"chat_id": 1, "question": "", "options": ["a", "b"]},
        "poll question must be non-empty and at most 300 characters long",
    ),
    (
        "sendPoll",
        {"chat_id": 1, "question": "a", "options": ["a"]},
        "poll must have at least 2 options",
    ),
    (
        "sendPoll",
        {"chat_id": 1, "question": "a", "options": ["a", "b" * 101]},
        "poll options length must not exceed 100",
    ),
    ("getChatMember", {"chat_id": 1, "user_id": 99}, "user not found"),
    ("getChatAdministrators", {"chat_id": 1}, "there are no administrators in the private chat"),
    ("unpinChatMessage", {"chat_id": 1}, "message to unpin not found"),
    ("deleteMessages", {"chat_id": 1}, "message identifiers are not specified"),
    (
        "deleteMessages",
        {"chat_id": 1, "message_ids": list(range(101))},
        "too many message identifiers specified",
    ),
    ("getMyCommands", {"language_code": "english"}, "invalid language code specified"),
    (
        "getMyCommands",
        {"scope": {"type": "everywhere"}},
        "can't parse BotCommandScope: unsupported type specified",
    ),
    ("setMyName", {"name": "x" * 65}, "bot name is too long"),
    ("answerCallbackQuery", {"text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("answerInlineQuery", {"results": [{"id": ""}]}, "RESULT_ID_INVALID"),
    ("answerInlineQuery", {"results": [{"id": "1"}, {"id": "1"}]}, "RESULT_ID_DUPLICATE"),
    ("answerInlineQuery", {"results": [{"id": str(n)} for n in range(51)]}, "RESULTS_TOO_MUCH"),
    (
        "setMessageReaction",
        {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2},
        "REACTIONS_TOO_MANY",
    ),
    (
        "setWebhook",
        {"url": "http://x", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    (
        "editMessageText",
        {**SEND, "inline_message_id": "x"},
        "invalid inline message identifier specified",
    ),
    ("createForumTopic", {"chat_id": -100, "name": "x"}, "the chat is not a forum"),
    ("pinChatMessage", {"chat_id": 1, "message_id": 777}, "message to pin not found"),
    ("setWebhook", {"url": "ftp://x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    (
        "sendMessage",
        {**SEND, "reply_markup": "{broken"},
        "can't parse reply keyboard markup JSON object",
    ),
]
