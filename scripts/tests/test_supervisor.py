"""The supervisor as `make run` starts it: real processes on free ports, with stand-ins for the services."""

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.tests.processes import happens
from scripts.tests.stacks import Stack, Start, free_ports, pid_of, press_ctrl_c


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_says_the_address_once_all_are_healthy_and_what_the_small_model_is(start: Start) -> None:
    (port,) = free_ports(1)
    stack = start(variables={"GATEWAY_PORT": str(port)})
    output = stack.read_until("into .env.")
    assert f"Lamla is ready: http://localhost:{port}  (Ctrl-C stops it)" in output
    assert "small built-in model" in output
    assert happens(lambda: len(stack.started()) == 4)


@pytest.mark.parametrize("host", ["0.0.0.0", "::1", "::", "localhost"])
def test_the_gateway_may_listen_on_any_address_of_this_machine(start: Start, host: str) -> None:
    if ":" in host and not has_ipv6():
        pytest.skip("no IPv6 on this machine")
    start(variables={"GATEWAY_HOST": host}).read_until("Lamla is ready")


def test_with_a_key_the_small_model_is_not_started(start: Start) -> None:
    stack = start(variables={"DEEPSEEK_API_KEY": "key"})
    assert "small built-in model" not in stack.read_until("Lamla is ready")
    assert happens(lambda: len(stack.started()) == 3)
    press_ctrl_c(stack)
    stack.finish()
    assert "local-model" not in stack.printed


@pytest.mark.parametrize("end", [press_ctrl_c, lambda stack: stack.process.terminate()], ids=["ctrl-c", "sigterm"])
def test_ends_all_and_itself(start: Start, end: Callable[[Stack], None]) -> None:
    stack = start(gateway="grandchild")
    stack.read_until("Lamla is ready")
    assert happens(lambda: len(stack.started()) == 5)
    end(stack)
    assert stack.finish() == 0
    assert "Lamla has stopped." in stack.printed
    assert stack.left_behind() == []


def test_ends_those_that_do_not_listen_and_their_children(start: Start) -> None:
    stack = start(local_model="ignore-sigterm", worker="ignore-sigterm stubborn-grandchild", gateway="ignore-sigterm")
    stack.read_until("Lamla is ready")
    assert happens(lambda: len(stack.started()) == 5)
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert stack.left_behind() == []


def test_a_second_ctrl_c_does_not_wait(start: Start) -> None:
    stack = start(gateway="ignore-sigterm")
    stack.read_until("Lamla is ready")
    press_ctrl_c(stack)
    stack.read_until("Stopping")
    asked = time.monotonic()
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert time.monotonic() - asked < 4
    assert stack.left_behind() == []


@pytest.mark.skipif(sys.platform != "linux", reason="the threads of another process are Linux' to name")
def test_a_ctrl_c_that_another_thread_takes_is_seen_at_once(start: Start) -> None:
    """As when it comes just as the main thread begins to wait: nothing interrupts that wait."""
    stack = start(gateway="ignore-sigterm")
    stack.read_until("Lamla is ready")
    signal_other_thread(stack.process.pid, signal.SIGINT)
    stack.read_until("Stopping")
    asked = time.monotonic()
    signal_other_thread(stack.process.pid, signal.SIGINT)
    assert stack.finish() == 0
    assert time.monotonic() - asked < 4
    assert stack.left_behind() == []


def signal_other_thread(pid: int, number: signal.Signals) -> None:
    """Once the main thread sleeps, which it does nowhere but where it waits for events."""
    main = Path(f"/proc/{pid}/task/{pid}/stat")
    assert happens(lambda: main.read_text().rsplit(")", 1)[1].split()[0] == "S")
    others = [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir() if int(task.name) != pid]
    assert ctypes.CDLL(None, use_errno=True).tgkill(pid, others[0], number) == 0


def test_an_orphan_of_a_service_is_ended_too(start: Start) -> None:
    stack = start(worker="stubborn-orphan")
    stack.read_until("Lamla is ready")
    assert happens(lambda: len(stack.started()) == 5)
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert stack.left_behind() == []


def test_ctrl_c_before_all_are_ready_ends_them(start: Start) -> None:
    stack = start()
    stack.read_until("serving")
    press_ctrl_c(stack)
    assert stack.finish() == 0
    assert stack.left_behind() == []


def test_one_that_fails_at_its_start_is_shown_and_ends_the_rest(start: Start) -> None:
    stack = start(worker="fail")
    assert stack.finish() == 1
    assert "the reason why it cannot start" in stack.printed
    assert "The worker ended at its start (exit code 1), so everything was stopped" in stack.printed
    assert stack.left_behind() == []


def test_one_that_dies_later_ends_the_rest(start: Start) -> None:
    stack = start()
    stack.read_until("Lamla is ready")
    os.kill(pid_of(stack, "worker"), signal.SIGKILL)
    assert stack.finish() == 1
    assert "ended (signal 9), so everything was stopped" in stack.printed
    assert stack.left_behind() == []


@pytest.mark.parametrize("variable", ["LOCAL_LLM_PORT", "EMBEDDINGS_PORT", "FASTAPI_PORT", "GATEWAY_PORT"])
def test_a_taken_port_is_named_and_nothing_is_started(start: Start, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stack = start(variables={variable: str(port)})
        assert stack.finish() == 1
    assert stack.printed.count("\n") == 1
    assert f"Port {port} ({variable}) is taken" in stack.printed
    assert stack.started() == []


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"GATEWAY_PORT": "8001", "FASTAPI_PORT": "8001"}, "FASTAPI_PORT and GATEWAY_PORT are both 8001"),
        ({"GATEWAY_PORT": "http"}, "GATEWAY_PORT is 'http'"),
        ({"GATEWAY_PORT": "70000"}, "write a port from 1 to 65535"),
        ({"FASTAPI_SECRET": ""}, "FASTAPI_SECRET is not set"),
        ({"GATEWAY_HOST": "192.0.2.1"}, "cannot listen on 192.0.2.1"),
    ],
    ids=["twice", "no-number", "too-high", "no-secret", "not-our-address"],
)
def test_a_setting_that_cannot_work_is_one_sentence(start: Start, variables: dict[str, str], sentence: str) -> None:
    stack = start(variables=variables)
    assert stack.finish() == 1
    assert sentence in stack.printed
    assert stack.printed.count("\n") == 1
    assert stack.started() == []


def test_a_full_disk_at_the_migration_says_so(start: Start) -> None:
    stack = start(release="echo 'sqlite3.OperationalError: database or disk is full' >&2; false")
    assert stack.finish() == 1
    assert stack.printed.strip().splitlines()[-1].startswith("The disk is full: free some space")
    assert stack.started() == []


def test_services_get_one_worker_process_for_the_small_model_and_the_url_of_this_worker(start: Start) -> None:
    stack = start(
        release='echo "$FASTAPI_WORKERS $FASTAPI_BASE_URL $LOCAL_LLM_EMBEDDED"; false',
        variables={"FASTAPI_PORT": "18001", "FASTAPI_BASE_URL": "http://localhost:8001"},
    )
    stack.finish()
    assert "1 http://127.0.0.1:18001 true" in stack.printed


def test_the_gateway_ends_before_what_it_needs(start: Start) -> None:
    stack = start(gateway="slow-to-end")
    stack.read_until("Lamla is ready")
    press_ctrl_c(stack)
    assert stack.finish() == 0
    order = [line.split("|")[0].split()[1] for line in stack.printed.splitlines() if line.endswith("| ended")]
    assert order[0] == "gateway"
    assert sorted(order[1:]) == ["embeddings", "local-model", "worker"]
