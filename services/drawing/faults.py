"""What people are told whose wish could not be fulfilled: what to do, and that it was free."""

from __future__ import annotations

from services.drawing.wishes import LONGEST, Fault
from services.words import Voice


def about_wishes(fault: Fault, task: str, most_seconds: float, voice: Voice) -> str:
    """What is wrong with what somebody wrote."""
    if fault is Fault.TOO_LONG:
        return voice.many(
            "This is too long. Please say it in at most {n} letter.",
            "This is too long. Please say it in at most {n} letters.",
            LONGEST,
        )
    if fault is Fault.SECONDS:
        return voice.many(
            "A clip can be up to {n} second long. Write, for example: /video --seconds 3 waves",
            "A clip can be up to {n} seconds long. Write, for example: /video --seconds 3 waves",
            int(most_seconds),
        )
    if fault is Fault.SEED:
        return voice("A seed is a number. Write, for example: /image --seed 7 a red fox")
    if task == "film":
        return voice(
            "What shall I film? Write it after the command, for example: "
            "/video waves at sunset. As a reply to a photo I bring it to life."
        )
    return voice(
        "What shall I draw? Write it after the command, for example: "
        "/image a red fox in the snow. As a reply to a photo I change it."
    )


def about_nobody(task: str, voice: Voice) -> str:
    """There is no server for it."""
    if task == "film":
        return voice("I have nobody who films. The owner can connect ComfyUI for it.")
    return voice("I have nobody who draws. The owner can connect ComfyUI for it.")


def about_refusal(code: str, voice: Voice) -> str:
    """Why a server would not, or could not, make it; `code` is a BackendRejected's."""
    said = {
        "out_of_memory": voice(
            "The graphics card has not enough memory for this. Try it smaller or shorter."
        ),
        "start_picture": voice("This picture cannot be opened. Please send it again as a photo."),
        "no_start_picture": voice(
            "I cannot begin from a picture here. Please describe all of it in words."
        ),
        "too_long": voice("This took too long and was given up. Try it smaller or shorter."),
        "refused": voice("This was refused because of what it describes. Put it differently."),
    }
    usual = voice(
        "The way in which this is made does not work at the moment. Its owner finds the reason "
        "in the log."
    )
    return said.get(code, usual) + "\n" + voice("It does not count.")
