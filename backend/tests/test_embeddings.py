"""The gateway's call for vectors: through a real worker, and what it says of one that cannot give any."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.core.async_client import Embeddings, close_worker, open_worker, worker
from apps.core.errors import ProviderError, Unavailable
from canaries import SECRET
from fake_provider.testing import FakeProcess, fake_provider_process
from tests.stack import Service, free_port, worker_service

SOON_SECONDS = 10.0


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProcess]:
    with fake_provider_process() as fake:
        yield fake


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, provider: FakeProcess) -> Iterator[Service]:
    embeddings = {"EMBEDDINGS_BASE_URL": provider.base_url, "EMBEDDINGS_MODEL": "fake-embeddings"}
    running = worker_service(tmp_path_factory.mktemp("worker"), embeddings)
    running.start()
    yield running
    running.end()


@asynccontextmanager
async def towards(url: str, settings: LazySettings, *, secret: str = SECRET) -> AsyncIterator[None]:
    """The gateway's client, open towards the worker at `url`."""
    settings.FASTAPI_BASE_URL = url
    settings.FASTAPI_SECRETS = [secret]
    await open_worker()
    try:
        yield
    finally:
        await close_worker()


async def embed(*texts: str, timeout_s: float = SOON_SECONDS) -> Embeddings:
    return await worker().embeddings(texts, kind="passage", timeout_s=timeout_s, request_id="of-the-test")


async def test_each_text_has_a_unit_vector_and_the_models_name_beside_it(
    service: Service, settings: LazySettings
) -> None:
    async with towards(service.url, settings):
        found = await embed("Plants make sugar.", "Rome fell.")
        told = (await worker().models())["embeddings"]
    assert (found.model, found.dimension, len(found.vectors)) == ("fake-embeddings", 256, 2)
    assert told == {"model": found.model, "dimension": found.dimension}
    assert [sum(number * number for number in vector) for vector in found.vectors] == pytest.approx([1.0, 1.0])


async def test_a_refusal_is_the_workers_own(service: Service, settings: LazySettings) -> None:
    async with towards(service.url, settings):
        with pytest.raises(ProviderError) as refused:
            await embed("")
    assert (refused.value.code, refused.value.status) == ("invalid_input", 422)


async def test_a_worker_that_is_away_or_does_not_know_us_is_unavailable(
    service: Service, settings: LazySettings
) -> None:
    for url, secret, code in (
        (f"http://127.0.0.1:{free_port()}", SECRET, "worker_unavailable"),
        (service.url, "another", "worker_misconfigured"),
    ):
        async with towards(url, settings, secret=secret):
            with pytest.raises(Unavailable) as away:
                await embed("a")
        assert away.value.code == code


async def test_a_model_that_is_off_is_unavailable(tmp_path: Path, settings: LazySettings) -> None:
    off = worker_service(tmp_path, {"EMBEDDINGS": "off"})
    off.start()
    try:
        async with towards(off.url, settings):
            with pytest.raises(Unavailable) as unavailable:
                await embed("a")
            assert (await worker().models())["embeddings"] is None
    finally:
        off.end()
    assert unavailable.value.code == "embeddings_unavailable"


async def test_who_waits_too_long_is_told_and_the_worker_let_go(settings: LazySettings) -> None:
    left = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            pass
        left.set()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with towards(url, settings):
            with pytest.raises(Unavailable) as late:
                await embed("a", timeout_s=0.05)
            async with asyncio.timeout(SOON_SECONDS):
                await left.wait()
    assert late.value.status == 503
