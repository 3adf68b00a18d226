"""Everything that is given to a bot can be read by aiogram's own types."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    CopyMessage,
    CopyMessages,
    CreateForumTopic,
    DeleteMessage,
    DeleteMyCommands,
    DeleteWebhook,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    ForwardMessage,
    ForwardMessages,
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetChatMemberCount,
    GetChatMenuButton,
    GetFile,
    GetMe,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    GetUserProfilePhotos,
    GetWebhookInfo,
    LogOut,
    PinChatMessage,
    SendAnimation,
    SendAudio,
    SendChatAction,
    SendContact,
    SendDice,
    SendDocument,
    SendLocation,
    SendMediaGroup,
    SendMessage,
    SendMessageDraft,
    SendPhoto,
    SendPoll,
    SendRichMessage,
    SendRichMessageDraft,
    SendSticker,
    SendVenue,
    SendVideo,
    SendVideoNote,
    SendVoice,
    SetMessageReaction,
    SetMyCommands,
    StopPoll,
    TelegramMethod,
    UnpinChatMessage,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputMediaPhoto,
    InputRichMessage,
    InputTextMessageContent,
    MessageGenerationStopped,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)

from playground.server import Playground
from tests.playground.aiogram_bot import real_bot
from tests.playground.test_files import ogg, png
from tests.telegram import Person

WORKSHOP = -1001000000001


@pytest.fixture
async def real(play: Playground) -> AsyncIterator[Bot]:
    """A real bot."""
    async with real_bot(play) as bot:
        yield bot


def _keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="y")]]
    )


def _file(name: str, body: bytes = b"body") -> BufferedInputFile:
    return BufferedInputFile(body, name)


PICTURE = BufferedInputFile(png(400, 300), "a.png")
BLOCKS = [
    {"type": "heading", "text": "Title", "size": 1},
    {"type": "paragraph", "text": ["a ", {"type": "bold", "text": "b"}]},
    {"type": "list", "items": [{"blocks": [{"type": "paragraph", "text": "one"}]}]},
    {"type": "table", "cells": [[{"text": "x", "align": "left", "valign": "top"}]]},
    {"type": "details", "summary": "more", "blocks": [{"type": "divider"}]},
    {"type": "mathematical_expression", "expression": "x^2"},
]
METHODS: list[TelegramMethod[Any]] = [
    GetMe(),
    SendMessage(chat_id=1, text="<b>a</b> @ann https://x.org", parse_mode="HTML"),
    SendMessage(chat_id=1, text="*a*", parse_mode="MarkdownV2", reply_markup=_keyboard()),
    SendMessage(chat_id=1, text="a", reply_parameters=ReplyParameters(message_id=1)),
    SendMessage(chat_id=WORKSHOP, text="a", message_thread_id=2),
    SendMessageDraft(chat_id=1, draft_id=1, text="a", can_stop=True),
    SendRichMessage(chat_id=1, rich_message=InputRichMessage(markdown="# a\n\n- b")),
    SendRichMessage(chat_id=1, rich_message=InputRichMessage(html="<h1>a</h1>")),
    SendRichMessage(chat_id=1, rich_message=InputRichMessage.model_validate({"blocks": BLOCKS})),
    SendRichMessageDraft(chat_id=1, draft_id=1, rich_message=InputRichMessage(markdown="a")),
    SendPhoto(chat_id=1, photo=PICTURE, caption="a"),
    SendVoice(chat_id=1, voice=_file("a.ogg", ogg(1))),
    SendAudio(chat_id=1, audio=_file("a.mp3"), title="t", performer="p"),
    SendVideo(chat_id=1, video=_file("a.mp4"), width=10, height=10),
    SendAnimation(chat_id=1, animation=_file("a.mp4")),
    SendDocument(chat_id=1, document=_file("a.pdf")),
    SendVideoNote(chat_id=1, video_note=_file("a.mp4")),
    SendSticker(chat_id=1, sticker=_file("a.webp")),
    SendMediaGroup(
        chat_id=1,
        media=[InputMediaPhoto(media=PICTURE, caption="a"), InputMediaPhoto(media=PICTURE)],
    ),
    SendContact(chat_id=1, phone_number="+1", first_name="A"),
    SendLocation(chat_id=1, latitude=1, longitude=2),
    SendVenue(chat_id=1, latitude=1, longitude=2, title="a", address="b"),
    SendDice(chat_id=1),
    SendPoll(chat_id=1, question="a?", options=["b", "c"]),
    SendChatAction(chat_id=1, action="typing"),
    CopyMessage(chat_id=1, from_chat_id=1, message_id=1),
    CopyMessages(chat_id=1, from_chat_id=1, message_ids=[1]),
    ForwardMessage(chat_id=1, from_chat_id=1, message_id=1),
    ForwardMessages(chat_id=1, from_chat_id=1, message_ids=[1]),
    SetMessageReaction(chat_id=1, message_id=1, reaction=[ReactionTypeEmoji(emoji="👍")]),
    SetMyCommands(commands=[BotCommand(command="a", description="b")]),
    GetMyCommands(),
    DeleteMyCommands(),
    GetMyName(),
    GetMyDescription(),
    GetMyShortDescription(),
    GetChat(chat_id=1),
    GetChat(chat_id=-100),
    GetChatMember(chat_id=-100, user_id=1),
    GetChatMember(chat_id=-100, user_id=2),
    GetChatAdministrators(chat_id=-100),
    GetChatMemberCount(chat_id=-100),
    GetChatMenuButton(),
    GetUserProfilePhotos(user_id=1),
    GetWebhookInfo(),
    DeleteWebhook(),
    CreateForumTopic(chat_id=WORKSHOP, name="a"),
    PinChatMessage(chat_id=1, message_id=1),
    UnpinChatMessage(chat_id=1, message_id=1),
    DeleteMessage(chat_id=1, message_id=1),
    LogOut(),
]


async def test_it_reads_the_result_of_every_method(
    play: Playground, real: Bot, ann: Person
) -> None:
    """Nothing that a method returns fails the validation of aiogram's own types."""
    for method in METHODS:
        result = await real(method, request_timeout=20)
        assert result is not None, method


async def test_it_reads_what_edits_return(play: Playground, real: Bot, ann: Person) -> None:
    """Edited messages and closed polls are read as well."""
    text = await real.send_message(1, "a")
    photo = await real.send_photo(1, PICTURE)
    poll = await real.send_poll(1, "a?", ["b", "c"])
    document = InputMediaDocument(media=_file("a.pdf"))
    edits: list[TelegramMethod[Any]] = [
        EditMessageText(chat_id=1, message_id=text.message_id, text="b"),
        EditMessageText(
            chat_id=1, message_id=text.message_id, rich_message=InputRichMessage(markdown="b")
        ),
        EditMessageReplyMarkup(chat_id=1, message_id=text.message_id, reply_markup=_keyboard()),
        EditMessageCaption(chat_id=1, message_id=photo.message_id, caption="b"),
        EditMessageMedia(chat_id=1, message_id=photo.message_id, media=document),
        StopPoll(chat_id=1, message_id=poll.message_id),
    ]
    for edit in edits:
        assert await real(edit)
    assert photo.photo
    file = await real(GetFile(file_id=photo.photo[-1].file_id))
    assert file.file_path


async def test_it_reads_every_kind_of_update(play: Playground, real: Bot, ann: Person) -> None:
    """Each update is valid, and is of the kind that was caused."""
    kinds = ["message", "edited_message", "callback_query", "inline_query", "message_reaction"]
    kinds += ["stopped_message_generation", "my_chat_member"]
    await real.get_updates(offset=-1, allowed_updates=kinds)
    sent = await real.send_message(1, "a", reply_markup=_keyboard())
    await real.send_message_draft(chat_id=1, draft_id=1, text="a", can_stop=True)
    await ann.stop_draft(1)
    message = await ann.send("b")
    await ann.edit(message, "c")
    await ann.act("press", message_id=sent.message_id, data="y")
    await ann.act("inline", query="q")
    await ann.act("react", message_id=sent.message_id, emoji="👍")
    await ann.attach("photo", png(), name="a.png", caption="x")
    await ann.act("block")
    updates = (await real.get_updates())[1:]
    assert {kind for kind in kinds if _has(updates, kind)} == set(kinds)
    await ann.act("unblock")
    await _answer_all(real, updates)


def _has(updates: list[Update], kind: str) -> bool:
    return any(getattr(update, kind) for update in updates)


async def _answer_all(real: Bot, updates: list[Update]) -> None:
    events = [update.event for update in updates]
    assert any(isinstance(event, MessageGenerationStopped) for event in events)
    query = next(event for event in events if isinstance(event, CallbackQuery))
    assert await real(AnswerCallbackQuery(callback_query_id=query.id, text="ok"))
    asked = next(event for event in events if isinstance(event, InlineQuery))
    content = InputTextMessageContent(message_text="a")
    article = InlineQueryResultArticle(id="1", title="a", input_message_content=content)
    assert await real(AnswerInlineQuery(inline_query_id=asked.id, results=[article]))
