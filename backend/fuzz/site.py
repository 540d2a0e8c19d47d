"""The product as `make run` starts it, for attacks: its own processes, no limits of rate that would end them early."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from canaries import SECRET
from fuzz.places import SHORT
from fuzz.wire import Target
from tests.stack import Stack, running_stack

# The options of the Procfile, in the form that uvicorn reads from the environment.
SERVER = {"UVICORN_HTTP": "bounded_http:BoundedHttp", "UVICORN_WS": "none", "UVICORN_PROXY_HEADERS": "false"}
GATEWAY = {**SERVER, "RATE_LIMITS": "off", "BODY_IDLE_SECONDS": "2"}
# The fake provider says nothing that could be a quiz: it would be asked again and again for minutes.
WORKER = {"LLM_TRIES": "1", "LLM_DEADLINE_SECONDS": "2"}
WORKER_HEADERS = {"X-Internal-Secret": SECRET}


@contextmanager
def running_site(folder: Path) -> Iterator[Stack]:
    with running_stack(folder, gateway=GATEWAY, worker=WORKER) as stack:
        yield stack


def gateway_target(stack: Stack) -> Target:
    return Target("gateway", stack.gateway.url, "/api/chat/", {}, b'{"message": "%b"}' % SHORT.encode())


def worker_target(stack: Stack) -> Target:
    return Target("worker", stack.worker.url, "/chatbot", WORKER_HEADERS, b'{"prompt": "%b"}' % SHORT.encode())


def memory_mb(stack: Stack) -> dict[str, float]:
    """Resident memory of both processes."""
    services = (stack.gateway, stack.worker)
    return {service.name: psutil.Process(service.pid).memory_info().rss / 2**20 for service in services}
