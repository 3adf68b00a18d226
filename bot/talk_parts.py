"""The task that answers questions, and what it is made of."""

from __future__ import annotations

from datetime import datetime

from bot.basics import Basics
from bot.sight_parts import SightParts
from bot.voice_parts import VoiceParts
from services.chain import Chain
from services.chat import Chat, Manners
from services.context import Context
from services.skills import ChatModel


def chat(basics: Basics, chain: Chain[ChatModel], voices: VoiceParts, sights: SightParts) -> Chat:
    """Who answers what is asked in words."""
    answers = basics.config.answers
    return Chat(
        chain,
        basics.conversations,
        Context(answers.system_prompt, answers.context_tokens - answers.max_tokens),
        basics.words,
        Manners(answers.max_tokens, answers.temperature, answers.show_thoughts),
        basics.rules,
        voices.speaking,
        voices.guesses,
        sights.subjects,
        datetime.now,
    )
