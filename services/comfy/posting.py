"""Puts a prompt into a server's queue, at most once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from domain.errors import BackendError, BackendNonsense, BackendRejected, BackendUnavailable
from services.comfy.server import Comfy
from services.comfy.ticket import Ticket
from services.comfy.troubles import refused

_LOOKS = (0.05, 0.2, 0.5, 1.0, 2.0)  # seconds before each look for what may have arrived


async def post(comfy: Comfy, ticket: Ticket, nodes: Mapping[str, Any]) -> str:
    """Post it; tells the server's own number where it did not take ours.

    Where nobody knows whether it arrived, it is looked for and never posted again: it would be
    made twice.
    """
    try:
        posted = await comfy.post(ticket.prompt_id, ticket.client_id, nodes)
    except BackendRejected as error:
        raise BackendUnavailable(
            comfy.label, f"is no ComfyUI: {error.reason}", down=True
        ) from error
    except (BackendUnavailable, BackendNonsense) as error:
        if getattr(error, "down", False) or not await _arrived(comfy, ticket.prompt_id):
            raise
        return ""
    if trouble := refused(comfy.label, posted.said):
        raise trouble
    theirs = posted.said.get("prompt_id")
    return theirs if isinstance(theirs, str) and theirs != ticket.prompt_id else ""


async def _arrived(comfy: Comfy, prompt_id: str) -> bool:
    for seconds in _LOOKS:
        await asyncio.sleep(seconds)
        try:
            queue = await comfy.queue()
            there = prompt_id in queue.running or prompt_id in queue.pending
            if there or await comfy.history(prompt_id) is not None:
                return True
        except BackendError:
            continue  # it may come back
    return False
