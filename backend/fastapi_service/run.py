"""Starts the worker: `python fastapi_service/run.py` from backend/, or by any other path."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# As a script this file's own folder leads the path, where `core` would be a top-level name; imports are to be
# `fastapi_service.…` everywhere, in uvicorn's processes as well, which read this file again.
BACKEND = Path(__file__).resolve().parent.parent
sys.path[:] = [str(BACKEND), *(entry for entry in sys.path if entry != str(BACKEND / "fastapi_service"))]

import uvicorn  # noqa: E402  the path must be right first

from environment import ConfigurationError  # noqa: E402
from fastapi_service.core.config import METRICS_FOLDER_VARIABLE, Settings, load_settings  # noqa: E402
from fastapi_service.core.request_log import configure_logging  # noqa: E402
from fastapi_service.providers.registry import chain_settings  # noqa: E402
from listening import listen_error  # noqa: E402

CANNOT_START = 2
KEEP_ALIVE_SECONDS = 75  # above the 30 s of the gateway's pool, so that the client is the one that closes
SHUTDOWN_SECONDS = 5


def main() -> int:
    """Serve until told to stop; what cannot work is said in one sentence before any process is started."""
    configure_logging()
    try:
        settings = load_settings()
        chain_settings(settings)
        check_port(settings)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    with shared_metrics(settings):
        serve(settings)
    return 0


def serve(settings: Settings) -> None:
    uvicorn.run(
        "fastapi_service.main:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        reload=settings.reload,
        reload_dirs=[str(BACKEND)] if settings.reload else None,
        loop="uvloop",
        http="bounded_http:BoundedHttp",
        proxy_headers=False,  # nothing here asks for the caller's address
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


@contextmanager
def shared_metrics(settings: Settings) -> Iterator[None]:
    """A folder in which several processes keep their figures for each other, so that any of them can tell all."""
    if os.environ.get(METRICS_FOLDER_VARIABLE):
        yield
        return
    os.environ.pop(METRICS_FOLDER_VARIABLE, None)  # an empty value would have the figures written to where we stand
    if settings.workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="lamla-metrics-") as folder:
        os.environ[METRICS_FOLDER_VARIABLE] = folder  # the processes that uvicorn starts inherit it
        yield


def check_port(settings: Settings) -> None:
    """Raises: ConfigurationError when the address cannot be listened on."""
    if error := listen_error(settings.host, settings.port):
        raise ConfigurationError(
            f"The worker cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            f"stop what uses it, or set FASTAPI_PORT and FASTAPI_BASE_URL to another port."
        ) from error


if __name__ == "__main__":
    sys.exit(main())
