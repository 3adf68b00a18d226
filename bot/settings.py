"""Every setting there is, its default and its bounds; a record a table of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from bot.checks import (
    Secret,
    address,
    database,
    hours,
    https,
    not_empty,
    resolved,
    upper,
    variable,
    web,
    within,
    zone,
)
from bot.quota_settings import Quota, Role
from domain.routes import Category
from services.turns import Policy

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]

PERSONA = (
    "You are Hearthbot, a friendly and careful assistant. "
    "Answer in the language of the person who writes to you. "
    "Be brief unless you are asked for detail, and say so when you do not know."
)

COMPLEX_WORDS = (
    *("analyse", "analyze", "compare", "derive", "prove", "refactor", "summar"),
    *("проанализ", "сравни", "докажи", "доказать", "подробно"),
    *("проаналіз", "порівня", "доведи", "довести", "докладно"),
)
"""Beginnings of words, in lower case, that ask for care."""


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram calls us, and the word by which we know that it is Telegram."""

    url: str = field(default="", metadata=https())
    listen: str = field(default="127.0.0.1:8080", metadata=address())
    secret_env: str = field(default="HEARTHBOT_WEBHOOK_SECRET", metadata=variable())
    secret: Secret | None = field(default=None, metadata=resolved())


@dataclass(frozen=True, slots=True)
class Telegram:
    """How the program talks with Telegram; `token` is None where nobody gave one."""

    token_env: str = field(default="TELEGRAM_TOKEN", metadata=variable())
    token: Secret | None = field(default=None, metadata=resolved())
    api_base: str = field(default="https://api.telegram.org", metadata=web())
    mode: Literal["polling", "webhook"] = "polling"
    messages_per_second: int = field(default=30, metadata=within(0, 1000))
    rich: Literal["auto", "never"] = "auto"
    drafts: bool = True
    download_megabytes: int = field(default=200, metadata=within(1, 4000))
    max_age_seconds: int = field(default=3600, metadata=within(0, 86_400))
    stop_seconds: float = field(default=20.0, metadata=within(0, 600))
    webhook: Webhook = field(default_factory=Webhook)

    def __post_init__(self) -> None:
        if self.mode == "webhook" and not self.webhook.url:
            raise ValueError('mode = "webhook" needs [telegram.webhook] url')
        if self.mode == "webhook" and self.webhook.secret is None:
            raise ValueError(
                'mode = "webhook" needs a secret in the environment variable '
                f"{self.webhook.secret_env}"
            )


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk to the bot; numbers are Telegram's ids of people and chats."""

    mode: Literal["open", "allow_list", "invite"] = "open"
    admins: tuple[int, ...] = ()
    allow: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.mode == "invite":
            raise ValueError('this version has no invitations yet; use mode = "allow_list"')


@dataclass(frozen=True, slots=True)
class Storage:
    """Where things are kept; an empty `database_url` is an SQLite file in `data_dir`."""

    database_url: str = field(default="", repr=False, metadata=database())
    data_dir: Path = Path("data")
    keep_files_days: int = field(default=7, metadata=within(0, 36_500))

    def __post_init__(self) -> None:
        if not self.database_url:
            url = f"sqlite:///{(self.data_dir / 'hearthbot.db').as_posix()}"
            object.__setattr__(self, "database_url", url)


@dataclass(frozen=True, slots=True)
class Answers:
    """How answers are made, and how long the bot waits for the rest of a question."""

    system_prompt: str = PERSONA
    max_tokens: int = field(default=1024, metadata=within(16, 131_072))
    context_tokens: int = field(default=4096, metadata=within(256, 2_000_000))
    temperature: float | None = field(default=None, metadata=within(0, 2))
    show_thoughts: bool = False
    paste_hold_seconds: float = field(default=0.8, metadata=within(0, 10))
    album_hold_seconds: float = field(default=1.0, metadata=within(0, 10))
    language: Literal["en", "ru", "uk"] = "en"

    def __post_init__(self) -> None:
        if self.max_tokens >= self.context_tokens:
            raise ValueError("max_tokens must be smaller than context_tokens")


@dataclass(frozen=True, slots=True)
class Categories:
    """Which texts are quick and which are hard."""

    fast_below_chars: int = field(default=60, metadata=within(0, 100_000))
    complex_above_chars: int = field(default=1500, metadata=within(1, 10_000_000))
    complex_words: tuple[str, ...] = COMPLEX_WORDS

    def __post_init__(self) -> None:
        if self.fast_below_chars > self.complex_above_chars:
            raise ValueError("fast_below_chars must not be above complex_above_chars")
        if not all(word.strip() for word in self.complex_words):
            raise ValueError("complex_words must not hold an empty text: every word begins with it")


@dataclass(frozen=True, slots=True)
class Health:
    """Where /healthz and /metrics are served; nowhere while `listen` is empty."""

    listen: str = field(default="", metadata=address())


@dataclass(frozen=True, slots=True)
class Logging:
    """How much is logged, and for whom."""

    level: Level = field(default="INFO", metadata=upper())
    format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class Voice:
    """When an answer is spoken, and how long recordings and voice messages may be.

    A person's /voice overrides `answer`.
    """

    answer: Literal["off", "when_spoken_to", "always"] = "when_spoken_to"
    max_spoken_seconds: float = field(default=180.0, metadata=within(5, 3600))
    max_recording_minutes: int = field(default=120, metadata=within(1, 1440))


@dataclass(frozen=True, slots=True)
class Documents:
    """How much of one file is read, and what opening it may cost; `seconds` are a step's."""

    pages: int = field(default=2000, metadata=within(1, 100_000))
    megabytes: int = field(default=256, metadata=within(1, 4000))
    characters: int = field(default=5_000_000, metadata=within(1000, 100_000_000))
    megapixels: int = field(default=100, metadata=within(1, 1000))
    seconds: float = field(default=20.0, metadata=within(1, 600))
    fetch_links: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Whether "draw me a cat" is an order, as /image is."""

    plain_requests: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """How those who talk and those who draw take turns at a graphics card that they share."""

    policy: Policy = "chat_first"
    night: str = field(default="23:00-07:00", metadata=hours())
    timezone: str = field(default="UTC", metadata=zone())
    patience_seconds: float = field(default=60.0, metadata=within(0, 86_400))


@dataclass(frozen=True, slots=True)
class BackendTable:
    """One backend as the file describes it.

    `options` are the values for the fields of the class that `use` names, as they were written;
    the other fields are those that the program itself looks at. How `url` may begin is for the
    class to say.
    """

    skill: str
    position: int
    source: str
    use: str = field(metadata=not_empty())
    label: str = ""
    url: str = field(default="", repr=False)
    model: str = ""
    categories: tuple[Category, ...] = ()
    slots: int = field(default=1, metadata=within(1, 1024))
    cloud: bool = False
    gpu: str = ""
    workflow: str = ""
    api_key_env: str = field(default="", metadata=variable())
    api_key: Secret | None = field(default=None, metadata=resolved())
    options: Mapping[str, object] = field(default_factory=_nothing, repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that the owner of the machine decided; `source` is the file, or empty."""

    source: str = ""
    embedded: bool = True
    telegram: Telegram = field(default_factory=Telegram)
    access: Access = field(default_factory=Access)
    storage: Storage = field(default_factory=Storage)
    answers: Answers = field(default_factory=Answers)
    categories: Categories = field(default_factory=Categories)
    health: Health = field(default_factory=Health)
    logging: Logging = field(default_factory=Logging)
    voice: Voice = field(default_factory=Voice)
    documents: Documents = field(default_factory=Documents)
    drawing: Drawing = field(default_factory=Drawing)
    cards: Cards = field(default_factory=Cards)
    quota: Mapping[str, Quota] = field(default_factory=_nothing)
    roles: Mapping[str, Role] = field(default_factory=_nothing)
    chat: tuple[BackendTable, ...] = ()
    vision: tuple[BackendTable, ...] = ()
    hear: tuple[BackendTable, ...] = ()
    speak: tuple[BackendTable, ...] = ()
    embed: tuple[BackendTable, ...] = ()
    image: tuple[BackendTable, ...] = ()
    video: tuple[BackendTable, ...] = ()
