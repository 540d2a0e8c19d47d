"""The one service that the others can do without: when it is started, and what becomes of the rest when it ends."""

import os
import signal

import pytest

from scripts import services
from scripts.paths import ROOT
from scripts.tests.processes import happens
from scripts.tests.stacks import Start, pid_of, press_ctrl_c


@pytest.mark.parametrize(
    "variables",
    [
        {"EMBEDDINGS": "off"},
        {"EMBEDDINGS_BASE_URL": "http://127.0.0.1:11434/v1", "EMBEDDINGS_MODEL": "bge-m3"},
    ],
    ids=["off", "another server"],
)
def test_embeddings_are_not_started_where_they_are_off_or_another_server_gives_them(
    start: Start, variables: dict[str, str]
) -> None:
    stack = start(variables=variables)
    stack.read_until("Lamla is ready")
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert "embeddings" not in stack.printed
    assert len(stack.started()) == 3


def test_a_machine_that_cannot_compute_embeddings_goes_on_without_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "why_unusable", lambda: "The reason.")
    process = {"FASTAPI_SECRET": "for-tests-only", "LAMLA_ENV_FILE": os.devnull}
    plan = services.make_plan((ROOT / "Procfile").read_text(), process)
    assert [service.name for service in plan.services] == ["local-model", "worker", "gateway"]
    assert plan.variables["EMBEDDINGS"] == "off"
    assert plan.without_embeddings == "The reason."


def test_embeddings_that_die_are_started_again_and_all_else_goes_on(start: Start) -> None:
    stack = start()
    stack.read_until("Lamla is ready")
    assert happens(lambda: len(stack.started()) == 4)
    os.kill(pid_of(stack, "embeddings"), signal.SIGKILL)
    stack.read_until("The embeddings ended (signal 9); it is started again. All else goes on.")
    assert happens(lambda: len(stack.started()) == 5)
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert stack.left_behind() == []


def test_embeddings_that_cannot_start_are_left_away_after_some_tries(start: Start) -> None:
    stack = start(embeddings="fail")
    stack.read_until("it stays away until the next start. All else goes on.")
    assert stack.printed.count("it is started again") == 5
    stack.read_until("Lamla is ready")
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert stack.left_behind() == []
