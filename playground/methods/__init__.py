"""The methods of the Bot API, grouped by the mechanism that they share."""

from playground.methods import drafting, editing, profile, receiving, sending
from playground.methods.call import Method

_GROUPS = (receiving, profile, sending, editing, drafting)

METHODS: dict[str, Method] = {
    name.lower(): method for group in _GROUPS for name, method in group.METHODS.items()
}
"""Every method by its name in small letters, since case does not matter."""
