"""Starts the fake provider under uvicorn."""

import argparse
import socket
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from fake_provider.app import FakeProvider
from fake_provider.directive import Script
from fake_provider.protocol import FakeProtocol

BACKLOG = 2048
IDLE_CLOSE_SECONDS = 5.0


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that already takes connections, which wait until the server serves; port 0 takes a free one."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def server_for(app: FakeProvider, *, idle_close_s: float = IDLE_CLOSE_SECONDS) -> uvicorn.Server:
    """A server that closes a connection which has been idle for `idle_close_s` after an answer."""
    # Answers that break off are what this server is for; uvicorn would report each as an error of the application.
    config = uvicorn.Config(
        app, http=FakeProtocol, lifespan="off", log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )
    config.timeout_keep_alive = idle_close_s  # type: ignore[assignment]  # any number of seconds will do for its timer
    return uvicorn.Server(config)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop; the first line printed is the base URL to give to a client."""
    defaults = Script()
    parser = argparse.ArgumentParser(prog="python -m fake_provider", description="Fake providers, all on one port.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8009, help="0 takes a free one")
    parser.add_argument("--tokens", type=int, default=defaults.tokens)
    parser.add_argument("--rate", type=float, default=defaults.rate, help="tokens per second; 0 for all at once")
    parser.add_argument("--first", type=float, default=defaults.first, help="seconds before the first token")
    parser.add_argument(
        "--idle-close", type=float, default=IDLE_CLOSE_SECONDS, help="seconds until an idle connection is closed"
    )
    parser.add_argument("--requests", type=Path, help="a file that keeps the log over a kill and a new start")
    options = parser.parse_args(arguments)
    try:
        bound = listening_socket(options.host, options.port)
    except OSError as error:
        parser.exit(2, f"Port {options.port} on {options.host} cannot be used ({error.strerror}); choose another.\n")
    defaults = Script(tokens=options.tokens, rate=options.rate, first=options.first)
    app = FakeProvider(defaults, requests=options.requests)
    host, port = bound.getsockname()[:2]
    print(f"http://{host}:{port}/v1", flush=True)
    server_for(app, idle_close_s=options.idle_close).run(sockets=[bound])
    return 0
