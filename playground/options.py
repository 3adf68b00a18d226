"""What is fixed when the playground starts, and what can be turned while it runs."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from playground.errors import PlayError

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True, slots=True)
class Options:
    """How the playground is started."""

    host: str = "127.0.0.1"
    port: int = 0
    token: str = "1000:playground"  # noqa: S105 - the world's most public token
    bot_name: str = "Hearthbot"
    bot_username: str = "hearthbot_bot"
    privacy_mode: bool = False
    """In groups the bot sees only commands, mentions and replies to it."""
    first_message: int = 1
    """A server that starts anew should not repeat the message ids of its last life."""
    allowed_hosts: tuple[str, ...] = ()
    """Names besides this machine's own under which the playground may be called."""
    page: Path = PAGE

    @property
    def bot_id(self) -> int:
        """The bot's own id is the number before the colon of its token."""
        return int(self.token.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Flood:
    """Which of Telegram's limits on frequency apply."""

    private: bool = False
    group: bool = False
    global_per_second: int = 0
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong on purpose, as shares between 0 and 1."""

    status_5xx: float = 0.0
    cut: float = 0.0
    cut_after: float = 0.0
    delay: float = 0.0
    methods: frozenset[str] = frozenset()
    """Method names to which this applies; empty means all."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """What `/play/options` can turn while the playground runs."""

    flood: Flood = Flood()
    faults: Faults = Faults()
    clock_offset: float = 0.0
    forbid_voice: frozenset[int] = frozenset()
    max_download: int = 20 << 20
    max_upload: int = 50 << 20
    draft_seconds: float = 30.0
    query_seconds: float = 150.0
    webhook_delay: float = 1.0
    """The first pause before a failed webhook call is repeated; it doubles up to a minute."""
    seed: int | None = None
    """Makes the faults repeatable."""

    def turned(self, wanted: dict[str, Any]) -> "Knobs":
        """Give the knobs with some of them turned; refuse what does not exist."""
        return _changed(self, wanted)

    def record(self) -> dict[str, Any]:
        """Show all knobs as JSON can."""
        shown = {item.name: getattr(self, item.name) for item in fields(self)}
        return shown | {
            "flood": _plain(self.flood),
            "faults": _plain(self.faults),
            "forbid_voice": sorted(self.forbid_voice),
        }


Part = TypeVar("Part", Flood, Faults, Knobs)


def _plain(part: Flood | Faults) -> dict[str, Any]:
    shown = {item.name: getattr(part, item.name) for item in fields(part)}
    return {name: sorted(v) if isinstance(v, frozenset) else v for name, v in shown.items()}


def _changed(part: Part, wanted: dict[str, Any]) -> Part:
    known = {item.name: getattr(part, item.name) for item in fields(part)}
    if unknown := sorted(set(wanted) - set(known)):
        raise PlayError(f"There is no option {unknown[0]!r}; there are {', '.join(known)}.")
    return replace(part, **{name: _fitted(name, known[name], v) for name, v in wanted.items()})


def _anew(current: Flood | Faults, wanted: dict[str, Any]) -> Flood | Faults:
    if isinstance(current, Flood):
        return _changed(Flood(), wanted)
    return _changed(Faults(), wanted)


def _fitted(name: str, current: Any, value: Any) -> Any:
    if isinstance(current, Flood | Faults):
        if not isinstance(value, dict | None):
            raise PlayError(f"The option {name!r} wants an object or null, not {value!r}.")
        return _anew(current, value or {})
    if isinstance(current, frozenset) and isinstance(value, list | None):
        return frozenset(value or ())
    if current is None or value is None:
        return value
    if not isinstance(value, int | float):
        raise PlayError(f"The option {name!r} wants a number or true or false, not {value!r}.")
    return type(current)(value)
