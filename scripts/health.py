"""Asks services whether they are ready."""

import http.client
import threading
import time

from scripts.services import Service, connect_host

POLL_EVERY_S = 0.1
ANSWER_WAIT_S = 2.0


def is_healthy(service: Service) -> bool:
    # http.client: no proxy of the environment comes between us and our own machine.
    connection = http.client.HTTPConnection(connect_host(service.host), service.port, timeout=ANSWER_WAIT_S)
    try:
        connection.request("GET", service.health_path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_healthy(services: list[Service], timeout_s: float, leaving: threading.Event) -> list[str]:
    """Names of those that did not answer 200 within `timeout_s`; empty when all did. Returns early when `leaving`."""
    deadline = time.monotonic() + timeout_s
    missing = list(services)
    while missing and time.monotonic() < deadline and not leaving.wait(POLL_EVERY_S):
        missing = [service for service in missing if not is_healthy(service)]
    return [service.name for service in missing]
