"""Rules for every test: none is timed by itself, and on the build machine none is skipped."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

import bot.lazy_aiogram  # noqa: F401  before anything imports aiogram, which is dear without it
from tests.real_servers import piper_http_server, piper_server, whisper_server

__all__ = ["piper_http_server", "piper_server", "whisper_server"]

settings.register_profile("hearthbot", deadline=None, print_blob=True)
settings.load_profile("hearthbot")  # files and sockets take as long as the machine is busy


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where HEARTHBOT_NO_SKIPS says that everything is installed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("HEARTHBOT_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and HEARTHBOT_NO_SKIPS forbids it"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself while it is read."""
    report = yield
    if report.skipped and os.environ.get("HEARTHBOT_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and HEARTHBOT_NO_SKIPS forbids it"
    return report
