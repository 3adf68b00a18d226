"""Every trouble has one class, and two audiences have two texts.

    HearthbotError
      Refused                the person can act: shown as it stands, in their language
        QuotaExceeded, QueueFull, TooBig, Unsupported, NotAllowed, Broken,
        PasswordNeeded
      BackendError           a server let us down
        BackendUnavailable   the next backend, then again later
          ModelMissing       the server is up, the model is not there
          PartsMissing       the same, of what a graph is made of
        BackendRejected      no repeat
          ContextOverflow    the conversation is too long for the model
        BackendNonsense      no repeat; described by shape, never by content
      NoBackendLeft          every candidate was unavailable
    ConfigError              at start only

`str(error)` is for the operator and names the server. What a person sees names what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping


class HearthbotError(Exception):
    """The root of all troubles of this project."""


class ConfigError(HearthbotError):
    """The configuration cannot be used; the text names file, table and key."""


class Refused(HearthbotError):
    """The person can act on it: the text is shown as it stands, in their language."""


class QuotaExceeded(Refused):
    """The person has used up what they may use."""


class QueueFull(Refused):
    """Too much is waiting already."""


class TooBig(Refused):
    """What was sent is larger than what is taken."""


class Unsupported(Refused):
    """This kind of thing is not taken."""


class NotAllowed(Refused):
    """This person or this chat may not do that."""


class Broken(Refused):
    """A damaged file."""


class PasswordNeeded(Refused):
    """A document is locked, and the password is missing or does not fit."""


class BackendError(HearthbotError):
    """A server let us down; `backend` is its name for the operator."""

    def __init__(self, backend: str, reason: str) -> None:
        super().__init__(f"{backend}: {reason}")
        self.backend = backend
        self.reason = reason


class BackendUnavailable(BackendError):
    """Refused, timed out, too busy or failing: the next backend, then again later.

    `down` when asking again at once cannot help: nobody listens there, it hangs, or its model is
    missing.
    """

    def __init__(self, backend: str, reason: str, *, down: bool = False) -> None:
        super().__init__(backend, reason)
        self.down = down


class ModelMissing(BackendUnavailable):
    """The server is up, the model is not there; `cure` is the command that brings it."""

    def __init__(self, backend: str, model: str, cure: str) -> None:
        super().__init__(backend, f"model {model!r} is missing; run: {cure}", down=True)
        self.model = model
        self.cure = cure


class PartsMissing(BackendUnavailable):
    """The server is up, but lacks nodes or models of a graph; `cure` says what to do about it."""

    def __init__(self, backend: str, missing: str, cure: str) -> None:
        super().__init__(backend, f"{missing}; {cure}", down=True)
        self.missing = missing
        self.cure = cure


class BackendRejected(BackendError):
    """The server understood and said no: repeating cannot help.

    `status` is HTTP's, 0 where there was none; `code` the server's own word for the trouble.
    """

    def __init__(self, backend: str, reason: str, status: int = 0, code: str = "") -> None:
        super().__init__(backend, reason)
        self.status = status
        self.code = code


class ContextOverflow(BackendRejected):
    """The conversation is longer than the model's context; `limit` in tokens, 0 if unknown."""

    def __init__(self, backend: str, reason: str, limit: int = 0) -> None:
        super().__init__(backend, reason)
        self.limit = limit


class BackendNonsense(BackendError):
    """The answer broke its own protocol; described by shape, never by content."""


class NoBackendLeft(HearthbotError):
    """Every candidate was unavailable; `reasons` maps a backend's name to why."""

    def __init__(self, skill: str, reasons: Mapping[str, str]) -> None:
        listed = "; ".join(f"{name}: {why}" for name, why in reasons.items())
        super().__init__(f"no backend left for {skill}: {listed or 'none is configured'}")
        self.skill = skill
        self.reasons = dict(reasons)
