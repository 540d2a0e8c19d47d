"""Giving way to everything else, as the kernel has it: on Linux alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import BACKEND

NICENESS = 7
AUTOGROUP = Path("/proc/self/autogroup")
TOLD = "import os; from machine import give_way; give_way(7); print(os.getpriority(os.PRIO_PROCESS, 0)); "
TOLD += "print(open('/proc/self/autogroup').read())"

pytestmark = pytest.mark.skipif(not AUTOGROUP.exists(), reason="this kernel does not group tasks by session")


def told(*, own_session: bool) -> list[str]:
    """What a process says of its niceness and of its group's, once it gives way."""
    command = [sys.executable, "-c", TOLD]
    done = subprocess.run(
        command, cwd=BACKEND, start_new_session=own_session, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_a_process_of_its_own_session_gives_way_to_others() -> None:
    niceness, *_, of_group = told(own_session=True)
    assert (niceness, of_group) == (str(NICENESS), str(NICENESS))


def test_who_shares_a_session_gives_way_without_taking_its_starter_along() -> None:
    before = AUTOGROUP.read_text()
    assert told(own_session=False)[0] == str(NICENESS)
    assert AUTOGROUP.read_text() == before
