"""Each adapter on a transport that answers as told."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from fastapi_service.core.config import ProviderSettings
from fastapi_service.providers.base import Provider, Timeouts
from fastapi_service.tests.providers.scripted_server import BASE_URL, WIRES, Wire

TIMEOUTS = Timeouts(connect_s=1, first_token_s=1, between_tokens_s=1, total_s=5)
KEY = "a-private-key"

Handler = Callable[[httpx.Request], httpx.Response]
Open = Callable[[Handler], Provider]


@pytest.fixture(params=WIRES, ids=lambda wire: wire.name)
def wire(request: pytest.FixtureRequest) -> Wire:
    """Each adapter's wire format in turn."""
    found: Wire = request.param
    return found


@pytest.fixture
async def provider_of(wire: Wire) -> AsyncIterator[Open]:
    """Open the adapter whose turn it is."""
    opened: list[Provider] = []

    def open_on(handler: Handler) -> Provider:
        settings = ProviderSettings(name=wire.name, api_key=KEY, base_url=BASE_URL, models=("one", "two"))
        client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
        opened.append(wire.adapter(settings, timeouts=TIMEOUTS, http_client=client))
        return opened[-1]

    yield open_on
    for provider in opened:
        await provider.aclose()
