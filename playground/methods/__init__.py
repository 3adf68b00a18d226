"""The methods of the Bot API, grouped by the mechanism that they share."""

from playground.methods import (
    albums,
    answering,
    chats,
    copying,
    downloads,
    drafting,
    editing,
    profile,
    receiving,
    sending,
    topics,
)
from playground.methods.call import Method

_GROUPS = (
    receiving,
    profile,
    sending,
    albums,
    copying,
    editing,
    drafting,
    answering,
    downloads,
    chats,
    topics,
)

METHODS: dict[str, Method] = {
    name.lower(): method for group in _GROUPS for name, method in group.METHODS.items()
}
"""Every method by its name in small letters, since case does not matter."""
