from collections.abc import AsyncIterator

import pytest_asyncio

from fake_provider.testing import FakeHere, fake_provider_here


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[FakeHere]:
    """One fake provider for a module, since a server takes 0.1 s to stop; each module's `fake` clears it."""
    async with fake_provider_here() as here:
        yield here
