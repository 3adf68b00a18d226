"""What the commands do; each answers at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from domain.answers import Button, Reply
from domain.jobs import Job
from services.leaving import Leaving
from services.people import Languages
from services.report import Report
from services.stopping import Stopping
from services.tasks import Quick, Task
from services.words import Voice, Words
from storage.conversations import Conversations
from storage.documents import Documents

LANGUAGES = {"en": "English", "ru": "Русский", "uk": "Українська"}


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands, and what is said to things that are none."""

    words: Words
    languages: Languages
    conversations: Conversations
    report: Report
    stopping: Stopping
    leaving: Leaving
    documents: Documents

    def tasks(self) -> dict[str, Task]:
        """Each by the name under which its jobs are written down."""
        acts = {
            "start": self.start,
            "help": self.help,
            "new": self.new,
            "stop": self.stop,
            "status": self.status,
            "model": self.model,
            "choose_model": self.choose_model,
            "language": self.language,
            "choose_language": self.choose_language,
            "unknown": self.unknown,
            "unsupported": self.unsupported,
            "empty": self.empty,
            "refuse": self.refuse,
            "apologise": self.apologise,
            "left": self.left,
        }
        return {name: Quick(act) for name, act in acts.items()}

    async def start(self, job: Job) -> Reply:
        """Say hello, and what can be done right now."""
        voice = self._voice(job)
        hello = voice(
            "Hello, {name}! I run on a machine of your own.", name=job.payload.person.name
        )
        return Reply("\n\n".join([hello, self.report.abilities(voice), self._list(voice)]))

    async def help(self, job: Job) -> Reply:
        """List what can be done."""
        voice = self._voice(job)
        person = job.payload.person.id
        number = voice("Your number, for the owner's lists: `{id}`", id=person)
        commands = self._list(voice, admin=self.stopping.access.is_admin(person))
        return Reply("\n\n".join([self.report.abilities(voice), commands, number]))

    async def new(self, job: Job) -> Reply:
        """Forget the conversation."""
        await self.conversations.renew(job.payload.place.lane)
        await self.documents.choose(job.payload.place.lane, None)
        return Reply(self._voice(job)("A new conversation. What was said before is set aside."))

    async def stop(self, job: Job) -> Reply | None:
        """Stop what this person has running here, and drop what they have waiting."""
        stopped = await self.stopping.lane(job.payload)
        voice = self._voice(job)
        if stopped.dropped:
            count = len(stopped.dropped)
            return Reply(
                voice.many(
                    "Stopped; {n} waiting question was dropped.",
                    "Stopped; {n} waiting questions were dropped.",
                    count,
                )
            )
        if stopped.running:
            return None  # the answer that was stopped says so itself
        return Reply(voice("There is nothing to stop."))

    async def status(self, job: Job) -> Reply:
        """Tell the queue, the backends and what is degraded."""
        return Reply(await self.report.status(self._voice(job)))

    async def model(self, job: Job) -> Reply:
        """Offer the models that there are."""
        voice = self._voice(job)
        models = self.report.models()
        if not models:
            return Reply(voice("No model can be reached right now; see /status."))
        chosen = await self.conversations.model(job.payload.place.lane)
        rows = [(Button(_marked(name, name == chosen), f"model:{_mark(name)}"),) for name in models]
        rows.append((Button(_marked(voice("Choose for me"), not chosen), "model:auto"),))
        return Reply(voice("Which model should answer in this chat?"), rows=tuple(rows))

    async def choose_model(self, job: Job) -> Reply:
        """Remember which model this chat wants."""
        voice = self._voice(job)
        wanted = job.payload.text.partition(":")[2]
        named = {_mark(name): name for name in self.report.models()}
        if wanted != "auto" and wanted not in named:
            return Reply(voice("This model is not there any more; see /model."))
        await self.conversations.choose_model(job.payload.place.lane, named.get(wanted, ""))
        if wanted == "auto":
            return Reply(voice("I will choose the model for each question."))
        return Reply(voice("From now on `{model}` answers here.", model=named[wanted]))

    async def language(self, job: Job) -> Reply:
        """Offer the languages."""
        rows = tuple((Button(name, f"language:{code}"),) for code, name in LANGUAGES.items())
        return Reply(self._voice(job)("Which language shall I speak with you?"), rows=rows)

    async def choose_language(self, job: Job) -> Reply:
        """Remember which language this person wants."""
        code = job.payload.text.partition(":")[2]
        if code in LANGUAGES:
            await self.languages.choose(job.payload.person.id, code)
        voice = self.words.speak(code if code in LANGUAGES else job.payload.person.language)
        return Reply(voice("I will speak English with you."))

    async def unknown(self, job: Job) -> Reply:
        """Answer a command that does not exist."""
        voice = self._voice(job)
        return Reply("\n\n".join([voice("I do not know this command."), self._list(voice)]))

    async def unsupported(self, job: Job) -> Reply:
        """Answer what cannot be read yet."""
        voice = self._voice(job)
        return Reply(voice("I cannot read this yet. Please write to me in words."))

    async def empty(self, job: Job) -> Reply:
        """Answer a call without a question."""
        return Reply(self._voice(job)("What would you like to ask? Write it after /ask."))

    async def refuse(self, job: Job) -> Reply:
        """Tell somebody that they are not on the list."""
        voice = self._voice(job)
        text = voice(
            "This bot is private. Give its owner your number to be let in: `{id}`.",
            id=job.payload.person.id,
        )
        return Reply(text)

    async def apologise(self, job: Job) -> Reply:
        """Tell that messages came too late to be answered one by one."""
        voice = self._voice(job)
        return Reply(voice("I was away when you wrote. Please ask again if it still matters."))

    async def left(self, job: Job) -> None:
        """End quietly what was to be done where nobody reads any more."""
        await self.leaving.left(job.payload.place.chat)

    def _voice(self, job: Job) -> Voice:
        return self.words.speak(job.payload.person.language)

    def _list(self, voice: Voice, *, admin: bool = False) -> str:
        return "\n".join(f"/{name} — {said}" for name, said in menu(voice, admin=admin).items())


def menu(voice: Voice, *, admin: bool = False) -> dict[str, str]:
    """The commands in the order in which Telegram lists them, each with what it does."""
    own = {"grant": voice("give somebody more videos or pictures")} if admin else {}
    return {
        "new": voice("start a new conversation"),
        "stop": voice("stop what I am doing for you"),
        "status": voice("what is running and what is down"),
        "model": voice("choose the model for this chat"),
        "language": voice("choose the language I speak"),
        "image": voice("draw a picture, or change the one you reply to"),
        "video": voice("film a short clip"),
        "gif": voice("film a GIF, or make one of the clip you reply to"),
        "voice": voice("when and how I answer aloud"),
        "transcribe": voice("write down a voice message, or all of them"),
        "summarize": voice("sum up a document or a long message"),
        "documents": voice("the documents that you sent"),
        "quota": voice("what is left of your limits"),
        **own,
        "ask": voice("ask me something in a group"),
        "help": voice("what I can do"),
    }


def _mark(model: str) -> str:
    """A short name for a model: the act of a button has only 64 bytes."""
    return hashlib.sha256(model.encode()).hexdigest()[:12]


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label
