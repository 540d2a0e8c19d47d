"""Searches all that the suite's tests and processes wrote for keys, prompts and answers, and fails the run for any."""

import logging
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from canaries import leaks

# The machine may be busy: a slow example breaks no law.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


class Searched(logging.Handler):
    """Keeps what leaks out of log records of the default level and above."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        facts = getattr(record, "facts", "")
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        for leak in leaks(f"{record.getMessage()} {facts}\n{trace}"):
            self.found.append(f"log of {record.name}: {leak}")


SHOWN = 20
SEARCHED = pytest.StashKey[Searched]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SEARCHED] = Searched()
    root = logging.getLogger()
    root.addHandler(config.stash[SEARCHED])
    root.setLevel(logging.INFO)  # as the services have it; by default Python hides what they say at this level


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Search what the test wrote to standard output and error; what a failed one quotes is its own affair."""
    report = yield
    for name, output in report.sections:
        if name.startswith(("Captured stdout", "Captured stderr")):
            item.config.stash[SEARCHED].found += (f"{name} of {item.nodeid}: {leak}" for leak in leaks(output))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Search the logs of all processes that the suite has started."""
    searched = session.config.stash[SEARCHED]
    logging.getLogger().removeHandler(searched)
    for file in _logs_of(session.config):
        searched.found += (f"{file.name} of {file.parent.name}: {leak}" for leak in leaks(file.read_text()))
    if searched.found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash[SEARCHED].found
    if found:
        terminalreporter.section("private words in the output", red=True)
    for leak in found[:SHOWN]:
        terminalreporter.line(leak)
    files = len(_logs_of(config))
    terminalreporter.line(f"Searched the output and {files} process logs for private words: {len(found)} found.")


def _logs_of(config: pytest.Config) -> list[Path]:
    """The files in which the suite's processes wrote; Any: pytest's own, which has no public name."""
    factory: Any = config._tmp_path_factory  # type: ignore[attr-defined]  # the only way to it outside of a test
    return sorted(factory.getbasetemp().rglob("*.log"))
