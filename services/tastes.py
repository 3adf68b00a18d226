"""What people chose about voices, and chats about speech."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.chats import Chats
from storage.people import People, VoiceTaste

NO_TASTE = VoiceTaste()


@dataclass(slots=True)
class Tastes:
    """How each person wants to hear answers, and where all speech is written down.

    Choices are few and asked for with every message, so they are kept in memory.
    """

    people: People
    chats: Chats
    voices: dict[int, VoiceTaste] = field(default_factory=dict)
    transcribing: set[int] = field(default_factory=set)

    async def load(self) -> None:
        """Read all choices, those that other processes have written down since, too."""
        self.voices = await self.people.voices()
        self.transcribing = await self.chats.transcribing()

    def of(self, person: int) -> VoiceTaste:
        """How this person wants to hear answers, as far as they chose."""
        return self.voices.get(person, NO_TASTE)

    async def choose(self, person: int, taste: VoiceTaste) -> None:
        """Remember how somebody wants to hear answers, all of it."""
        await self.people.choose_voice(person, taste)
        self.voices[person] = taste

    def transcribes(self, chat: int) -> bool:
        """Whether what is said in this chat is written down without being asked for."""
        return chat in self.transcribing

    async def choose_transcribing(self, chat: int, wanted: bool) -> None:
        """Remember whether a chat wants its speech written down."""
        await self.chats.choose_transcribing(chat, wanted)
        if wanted:
            self.transcribing.add(chat)
        else:
            self.transcribing.discard(chat)
