"""The wanted content of one Telegram message, in the form in which the outbox keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from bot.delivery.markdown import folded, parts, plain_parts, quoted
from bot.delivery.parts import CAPTION_LIMIT, LIMIT, Part, under, units, visible
from bot.delivery.source import needs_rich, prepared
from domain.answers import Button, Reply
from domain.messages import Attachment, Kind, Place
from storage.jobs import Filed

Rich = Literal["auto", "never"]


@dataclass(frozen=True, slots=True)
class Body:
    """What one message says: a part, or Markdown that Telegram itself lays out.

    With a `file` of the shelf the part is what is written under it. `rows` are the buttons below
    it, `reply_to` the message that it answers.
    """

    part: Part = Part("")  # noqa: RUF009 - frozen
    rich: str = ""
    rows: tuple[tuple[Button, ...], ...] = ()
    reply_to: int | None = None
    silent: bool = False
    file: Attachment | None = None

    def to_json(self) -> str:
        """The stored form; what is empty is left out."""
        fields = {
            "text": self.part.text,
            "entities": list(self.part.entities),
            "rich": self.rich,
            "rows": [[[button.label, button.act] for button in row] for row in self.rows],
            "reply_to": self.reply_to,
            "silent": self.silent,
            "file": asdict(self.file) if self.file else None,
        }
        kept = {name: value for name, value in fields.items() if value}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, stored: str) -> Body:
        """Read the stored form back."""
        raw: dict[str, Any] = json.loads(stored)
        return cls(
            part=Part(raw.get("text", ""), tuple(raw.get("entities", ()))),
            rich=raw.get("rich", ""),
            rows=tuple(tuple(Button(*one) for one in row) for row in raw.get("rows", ())),
            reply_to=raw.get("reply_to"),
            silent=raw.get("silent", False),
            file=_file(raw["file"]) if "file" in raw else None,
        )

    @property
    def formatted(self) -> bool:
        """Whether there is formatting that Telegram could refuse."""
        return bool(self.rich or self.part.entities)

    def plain(self) -> Body:
        """The same without formatting."""
        if not self.rich:
            return replace(self, part=Part(self.part.text))
        rendered = parts(self.rich)
        return replace(self, rich="", part=Part(rendered[0].text if rendered else self.rich))

    def markup(self) -> Mapping[str, Any]:
        """The buttons as the wire has them; no buttons take earlier ones away."""
        rows = [[{"text": b.label, "callback_data": b.act} for b in row] for row in self.rows]
        return {"inline_keyboard": rows}


def compose(
    reply: Reply, place: Place, reply_to: int | None = None, *, rich: Rich = "auto"
) -> list[str | Filed]:
    """Make the bodies of the messages that show a reply, files first.

    The first one replies to the question, and the buttons go under the last one.
    """
    bodies = [Body(file=file) for file in reply.attachments]
    if words := _caption(reply):
        bodies[-1] = replace(bodies[-1], part=words)
    else:
        bodies += _bodies(reply, may_be_rich=rich == "auto" and place.private)
    if bodies:
        bodies[0] = replace(bodies[0], reply_to=reply_to)
        bodies[-1] = replace(bodies[-1], rows=reply.rows)
    return [_stored(body) for body in bodies]


def _stored(body: Body) -> str | Filed:
    return Filed(body.file.ref, body.to_json()) if body.file else body.to_json()


def _file(raw: Mapping[str, Any]) -> Attachment:
    return Attachment(**{**raw, "kind": Kind(raw["kind"])})


def _caption(reply: Reply) -> Part | None:
    """What stands under the last file, where it wants to and fits."""
    if not reply.captioned or not reply.attachments:
        return None
    words = _stacked(list(_above(reply)), _told(reply))
    return words[0] if len(words) == 1 and units(words[0].text) <= CAPTION_LIMIT else None


def _told(reply: Reply) -> list[Part]:
    return plain_parts(reply.text) if reply.plain else parts(reply.text)


def _bodies(reply: Reply, *, may_be_rich: bool) -> Iterator[Body]:
    above = list(_above(reply))
    told = _told(reply)
    # only what fits into one plain message too: if the rich one is refused, nothing is lost
    if may_be_rich and not reply.plain and len(told) == 1 and needs_rich(reply.text):
        yield from map(Body, _stacked(above, []))
        yield Body(rich=prepared(reply.text))
        return
    yield from map(Body, _stacked(above, told))


def _above(reply: Reply) -> Iterator[Part]:
    """What stands above an answer: what was heard, and what the model thought."""
    if visible(reply.heard):
        yield quoted(reply.heard)
    if visible(reply.thoughts):
        yield folded(reply.thoughts)


def _stacked(above: Sequence[Part], told: list[Part]) -> list[Part]:
    """Put each above what follows where both fit into a message, else before it."""
    for part in reversed(above):
        if told and units(part.text) + units(told[0].text) + 1 <= LIMIT:
            told = [under(part, told[0]), *told[1:]]
        else:
            told = [part, *told]
    return told
