"""Thousands of streams, cancelled or in bursts, over real HTTP: short here, and at full length by `make long`."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from fake_provider.testing import FakeProcess, fake_provider_process
from fastapi_service.core.config import KEY_VARIABLES, LOCAL, ProviderSettings, Settings
from fastapi_service.orchestration.chain import Chain, Patience
from fastapi_service.providers.base import Message, Prompt, Timeouts
from fastapi_service.providers.registry import open_providers
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.scripted import Collected

SLOTS = 10
CLIENTS = 40
LONGEST_STAY_SECONDS = 0.1
BURST = 200
TIMEOUTS = Timeouts(connect_s=10, first_token_s=30, between_tokens_s=30, total_s=60)


def prompt_of(directive: str) -> Prompt:
    return Prompt((Message("user", f"hello [[{directive}]]"),))


@asynccontextmanager
async def chain_to(fake: FakeProcess, name: str, *, slots: int) -> AsyncIterator[Chain]:
    """A chain of one real adapter on the fake provider."""
    settings = ProviderSettings(
        name, api_key="a-private-key", base_url=fake.url_of(name), models=("m",), concurrency=slots
    )
    async with open_providers(Settings(secrets=("s",), providers=(settings,))) as providers:
        yield Chain(providers, timeouts=TIMEOUTS, patience=Patience(queue_length=1000, tries=1))


async def streamed(chain: Chain, prompt: Prompt, sink: Collected | None = None) -> str:
    sink = sink or Collected()
    with chain.admit(prompt, provider=None, model=None) as run:
        outcome = await run.stream(sink)
    assert len(outcome.attempts) == 1
    return sink.text


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("name", [LOCAL, *KEY_VARIABLES])
@pytest.mark.parametrize("count", [200, pytest.param(20_000, marks=pytest.mark.long)])
async def test_cancelled_streams_give_every_slot_and_every_socket_back(name: str, count: int) -> None:
    rng = random.Random(count)
    with fake_provider_process() as fake:
        files_before = open_files()
        async with chain_to(fake, name, slots=SLOTS) as chain:
            left = iter(range(count))

            async def client() -> None:
                for _ in left:
                    stays_s = rng.random() * LONGEST_STAY_SECONDS
                    try:
                        async with asyncio.timeout(stays_s):
                            await streamed(chain, prompt_of("tokens=100000 rate=500 first=0"))
                    except TimeoutError:
                        pass

            await asyncio.gather(*(client() for _ in range(CLIENTS)))
            assert chain.lanes[0].limit.waiting == 0
            await all_slots_usable(chain)
            assert open_files() <= files_before + SLOTS + 1
        assert open_files() <= files_before
        await no_socket_left(fake)


async def all_slots_usable(chain: Chain) -> None:
    """So many streams as there are slots run at the same time."""
    sinks = [Collected() for _ in range(SLOTS)]
    running = [asyncio.create_task(streamed(chain, prompt_of("tokens=100000 rate=50 first=0"), sink)) for sink in sinks]
    async with asyncio.timeout(10):
        while not all(sink.text for sink in sinks):  # noqa: ASYNC110  a sink has no event to wait for
            await asyncio.sleep(0.01)
    for task in running:
        task.cancel()
    await asyncio.wait(running)


async def no_socket_left(fake: FakeProcess) -> None:
    """Return when the provider sees no connection any more. Raises: TimeoutError."""
    async with asyncio.timeout(5):
        while fake.open_sockets():  # noqa: ASYNC110  it is another process
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("bursts", "idle_close_s"), [(3, 1), pytest.param(10, 5, marks=pytest.mark.long)], ids=["short", "long"]
)
async def test_bursts_towards_a_provider_that_closes_idle_connections_lose_nothing(
    bursts: int, idle_close_s: int
) -> None:
    with fake_provider_process("--idle-close", str(idle_close_s)) as fake:
        async with chain_to(fake, LOCAL, slots=BURST) as chain:
            for burst in range(bursts):
                if burst:
                    await asyncio.sleep(idle_close_s)  # just when the provider closes what the pool still holds
                prompt = prompt_of("tokens=20 rate=100 first=0.05")
                texts = await asyncio.gather(*(streamed(chain, prompt) for _ in range(BURST)))
                assert texts == [numbered(20)] * BURST
