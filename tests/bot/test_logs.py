"""Logs hold no secret and nobody's words, for people as for machines."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import OURS, Mask, set_up
from domain.errors import BackendNonsense

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
LOG = logging.getLogger("services.testing")


@pytest.fixture(autouse=True)
def loggers_as_they_were() -> Iterator[None]:
    """Logging belongs to the whole process, so it is given back."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize("form", ["text", "json"])
def test_tokens_and_known_secrets_are_masked_wherever_they_stand(form: str) -> None:
    """In the sentence, in its values, in an address and in the trace of an error."""
    stream = io.StringIO()
    set_up("INFO", form, ['se"sa\nme'], stream)
    LOG.info("sent to %s/bot%s/x, said %s", "http://host", TOKEN, 'se"sa\nme')
    LOG.info("escaped %s", TOKEN.replace(":", "%3A"))
    try:
        open(f"missing/bot{TOKEN}")  # noqa: PTH123, SIM115  any error that quotes will do
    except OSError:
        LOG.exception("failed", stack_info=True)
    assert TOKEN[10:] not in stream.getvalue()
    assert "nme" not in stream.getvalue()
    assert "sent to http://host/bot***/x, said ***" in stream.getvalue()
    assert "missing/bot***" in stream.getvalue()


def test_a_line_of_json_holds_these_keys_and_no_others() -> None:
    """Whatever a call adds, only the action gets into the log."""
    stream = io.StringIO()
    set_up("INFO", "json", [], stream)
    LOG.warning("Так и есть", extra={"action": "update.accepted", "text": "private words"})
    said = json.loads(stream.getvalue())
    assert {"time", "level", "logger", "action", "message"} == set(said)
    assert ("WARNING", "services.testing", "update.accepted", "Так и есть") == (
        said["level"],
        said["logger"],
        said["action"],
        said["message"],
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_process_that_shares_a_log_says_who_it_is(form: str) -> None:
    """So that a line of the worker is not taken for one of the program."""
    stream = io.StringIO()
    set_up("INFO", form, [], stream, "worker")
    LOG.info("Working", extra={"action": "ready"})
    text = " INFO    worker: services.testing [ready]: Working"
    said = stream.getvalue()
    assert text in said if form == "text" else "worker" == json.loads(said)["process"]


def test_a_line_break_in_a_message_cannot_pass_for_a_line_of_the_log() -> None:
    """Who can put words into a message cannot forge an entry."""
    stream = io.StringIO()
    set_up("INFO", "text", [], stream)
    LOG.info("hello\n2026-01-01 INFO bot: forged", extra={"action": "x"})
    assert len(stream.getvalue().splitlines()) == 1
    assert " [x]: hello\\n2026" in stream.getvalue()


def quoting() -> None:
    """Fail as code does that quotes what it could not take."""
    try:
        int("private words")
    except ValueError as error:
        raise BackendNonsense("Ollama", "no number where one belongs") from error


@pytest.mark.parametrize("form", ["text", "json"])
def test_errors_that_quote_what_they_met_are_told_by_class_and_line(form: str) -> None:
    """The trace names classes, files and lines; ours say more, for theirs hold no content."""
    stream = io.StringIO()
    set_up("INFO", form, [], stream)
    try:
        try:
            quoting()
        except BackendNonsense as error:
            raise ExceptionGroup("two", [error, KeyError("private words")]) from None
    except ExceptionGroup:
        LOG.exception("the worker goes on")
    said = stream.getvalue()
    assert "ValueError: (what it says is not logged)" in said
    assert "KeyError: (what it says is not logged)" in said
    assert "BackendNonsense: Ollama: no number where one belongs" in said
    assert "test_logs.py" in said
    assert "KeyError: 'private" not in said
    assert "invalid literal" not in said


def test_an_error_that_leads_back_to_itself_is_told_once() -> None:
    """A circle of causes ends."""
    stream = io.StringIO()
    set_up("INFO", "text", [], stream)
    first, second = OSError("first"), OSError("second")
    first.__cause__, second.__cause__ = second, first
    LOG.error("round", exc_info=first)
    assert stream.getvalue().count("OSError: first") == 1


def test_other_libraries_are_heard_from_a_warning_upwards_whatever_the_level() -> None:
    """Below that, some of them log what people write."""
    stream = io.StringIO()
    set_up("DEBUG", "text", [], stream)
    logging.getLogger("httpx").info("private words")
    logging.getLogger("aiogram.event").debug("private words")
    LOG.debug("ours")
    logging.getLogger("httpx").warning("theirs")
    assert ["ours", "theirs"] == [line.split(": ")[1] for line in stream.getvalue().splitlines()]


@given(
    secrets=st.lists(st.text("abc", min_size=1), min_size=1),
    around=st.lists(st.text(alphabet="xyz ", max_size=5), min_size=1),
)
def test_no_secret_survives_in_any_text(secrets: list[str], around: list[str]) -> None:
    """Not even the end of one whose beginning is a secret too."""
    text = "|".join(f"{words}|{secret}" for words in around for secret in secrets)
    assert set("abc").isdisjoint(Mask(secrets).clean(text))


def test_without_secrets_the_mask_changes_nothing_but_tokens() -> None:
    """Nothing to hide is hidden nowhere."""
    assert Mask([""]).clean("10:30 and 42:short") == "10:30 and 42:short"
