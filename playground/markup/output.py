"""What all parsers of marked text write to, and how they name a place in it."""

import re
from dataclasses import dataclass, field

from playground.records import Record
from playground.text import units

_USER = re.compile(r"tg:(?://)?user/?\?(?:.*&)?id=(\d+)", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?|ftp|tg|ton|tonsite|mailto|tel)(?=:)", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?P<rest>[/?#].*)?", re.DOTALL)


class MarkupError(ValueError):
    """The marks in a text do not fit together."""


def byte_offset(text: str, index: int) -> int:
    """Tell how many bytes of UTF-8 lie before a character."""
    return len(text[:index].encode("utf-8", "replace"))


@dataclass(slots=True)
class Output:
    """Plain text and entities, growing from left to right."""

    parts: list[str] = field(default_factory=list)
    entities: list[Record] = field(default_factory=list)
    size: int = 0

    def write(self, text: str) -> None:
        """Add plain text."""
        self.parts.append(text)
        self.size += units(text)

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self.parts)

    def mark(self, kind: str, offset: int, **details: object) -> None:
        """Put an entity over all that was written since an offset; none over nothing."""
        if length := self.size - offset:
            given = {name: value for name, value in details.items() if value}
            self.entities.append({"type": kind, "offset": offset, "length": length, **given})

    def link(self, offset: int, address: str) -> None:
        """Put a link over all that was written since an offset, if the address is one."""
        if user := _USER.match(address):
            self.mark("text_mention", offset, user={"id": int(user[1])})
        elif url := checked_url(address):
            self.mark("text_link", offset, url=url)

    def result(self) -> tuple[str, list[Record]]:
        """Give the text and its entities, the outer ones first."""
        return self.text, sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))


def checked_url(address: str) -> str | None:
    """Complete an address as the server does; None if it cannot be one."""
    address = address.strip()
    scheme = _SCHEME.match(address)
    if scheme and scheme[0].lower() not in ("http", "https", "ftp"):
        return address
    rest = address[scheme.end() + 3 :] if scheme else address
    domain = _DOMAIN.fullmatch(rest)
    if domain is None and not (scheme and rest.startswith(("localhost", "127."))):
        return None
    slash = "" if domain is None or (domain["rest"] or "").startswith("/") else "/"
    host = rest if domain is None else rest[: domain.start("rest")] if domain["rest"] else rest
    prefix = f"{scheme[0].lower()}://" if scheme else "http://"
    return f"{prefix}{host}{slash}{(domain['rest'] or '') if domain else ''}"
