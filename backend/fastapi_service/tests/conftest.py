from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

import httpx
import pytest
import uvicorn

from fake_provider.server import listening_socket
from fake_provider.testing import FakeHere, fake_provider_here, serve_here
from fastapi_service.core.config import LOCAL, ProviderSettings, Settings
from fastapi_service.main import create_app

SECRETS = ("the-secret-that-is-sent", "the-secret-of-yesterday")

OpenWorker = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeHere]:
    """A fake provider without delays, on a port of its own."""
    async with fake_provider_here() as running:
        yield running


@pytest.fixture
def settings(fake: FakeHere) -> Settings:
    """A worker whose local model is the fake provider, and which asks it once only."""
    return Settings(secrets=SECRETS, providers=(ProviderSettings(name=LOCAL, base_url=fake.base_url),), tries=1)


@pytest.fixture
def open_worker(settings: Settings) -> OpenWorker:
    """Open a real worker on a free port, with changed settings, and a client that knows its secret."""

    @asynccontextmanager
    async def opened(**changes: object) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(replace(settings, **changes))  # type: ignore[arg-type]  # names of fields, checked by replace
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", http="httptools", loop="uvloop")
        async with serve_here(uvicorn.Server(config), listening_socket("127.0.0.1", 0)) as address:
            headers = {"X-Internal-Secret": SECRETS[0]}
            async with httpx.AsyncClient(base_url=address, headers=headers, timeout=20, trust_env=False) as client:
                yield client

    return opened


@pytest.fixture
async def worker(open_worker: OpenWorker) -> AsyncIterator[httpx.AsyncClient]:
    async with open_worker() as client:
        yield client
