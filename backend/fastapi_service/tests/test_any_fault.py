"""Random chains of the real adapters, random faults of their providers, over real HTTP: what must hold for each answer.

The orchestration alone is put through many more cases in virtual time, in orchestration/test_any_course.py.
"""

import asyncio
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fake_provider.testing import FakeProcess, fake_provider_process
from fastapi_service.core.config import KEY_VARIABLES, LOCAL, ProviderSettings, Settings
from fastapi_service.core.errors import ProviderError
from fastapi_service.orchestration.chain import Chain, Patience
from fastapi_service.orchestration.events import Attempt
from fastapi_service.orchestration.run import Run
from fastapi_service.providers.base import Message, Prompt, Timeouts
from fastapi_service.providers.registry import open_providers
from fastapi_service.tests.frames import numbered
from fastapi_service.tests.orchestration.scripted import Collected
from tests.stack import wait_until

TOKENS = 20
TIMEOUTS = Timeouts(connect_s=2, first_token_s=0.4, between_tokens_s=0.4, total_s=4)
FAULTS = (
    "none", "refuse", "401", "429", "429", "500", "503", "hang", "stall", "cut", "utf8", "garbage", "error", "empty",
    "length", "filter", "longline", "context", "badrequest",
)  # fmt: skip
numbers = itertools.count()


@dataclass(frozen=True)
class Case:
    """The providers in their order, what each does at its first, second … call, and whether the answer is streamed."""

    names: list[str]
    faults: dict[str, list[str]]
    overlap: int
    whole: bool
    leaves_after_s: float | None

    @property
    def directive(self) -> str:
        options = [f"{name}.fault={','.join(faults)}" for name, faults in self.faults.items()]
        return f"[[tokens={TOKENS} rate=0 first=0 overlap={self.overlap} {' '.join(options)}]]"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = draw(st.lists(st.sampled_from((LOCAL, *KEY_VARIABLES)), min_size=1, max_size=4, unique=True))
    # What is said again of less than six tokens is too short to be told from what a text repeats by nature.
    overlap = draw(st.sampled_from([0, 6]))
    fault = st.builds(lambda kind, at: f"{kind}@{at}", st.sampled_from(FAULTS), st.integers(overlap, TOKENS))
    faults = {name: draw(st.lists(fault, min_size=1, max_size=3)) for name in names}
    leaves_after_s = draw(st.none() | st.none() | st.sampled_from([0.0, 0.01, 0.3]))
    return Case(names, faults, overlap, draw(st.booleans()), leaves_after_s)


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProcess]:
    with fake_provider_process() as running:
        yield running


async def ask(fake: FakeProcess, case: Case, marker: str) -> list[Attempt]:
    """One request on a chain of its own, and what must hold for it; returns all tries."""
    providers = tuple(
        ProviderSettings(n, api_key="a-private-key", base_url=fake.url_of(n), models=("m",)) for n in case.names
    )
    prompt = Prompt((Message("user", f"{marker} {case.directive}"),))
    configured = Settings(secrets=("s",), providers=providers, provider_order=tuple(case.names))
    async with open_providers(configured) as opened:
        chain = Chain(opened, timeouts=TIMEOUTS, patience=Patience(tries=2))
        began = asyncio.get_running_loop().time()
        sink, found = Collected(), list[Attempt]()
        try:
            async with asyncio.timeout(case.leaves_after_s):
                with chain.admit(prompt, provider=None, model=None) as run:
                    found = run.attempts
                    text, reason = await answer_of(run, sink, whole=case.whole)
                    # Who has nothing to add to a text says that it is whole.
                    assert text == numbered(TOKENS) or reason == "length" or found[-1].outcome == "empty"
        except (ProviderError, TimeoutError):
            pass
        assert numbered(TOKENS).startswith(sink.text)
        assert asyncio.get_running_loop().time() - began < TIMEOUTS.total_s + 1
    return found


async def answer_of(run: Run, sink: Collected, *, whole: bool) -> tuple[str, str]:
    if whole:
        answer, _, outcome = await run.whole()
        return answer.text, outcome.finish_reason
    outcome = await run.stream(sink)
    return sink.text, outcome.finish_reason


def check(fake: FakeProcess, asked: Sequence[Case]) -> None:
    """All cases side by side; afterwards every try is in the provider's own log, and nothing is left open."""
    markers = [f"case-{next(numbers)}-" for _ in asked]

    async def all_of_them() -> list[list[Attempt]]:
        found = await asyncio.gather(*(ask(fake, *each) for each in zip(asked, markers, strict=True)))
        # httpx's iterators are generators around generators; the loop itself closes the inner ones, a moment later.
        async with asyncio.timeout(1):
            while asyncio.all_tasks() != {asyncio.current_task()}:  # noqa: ASYNC110  the loop has no event for it
                await asyncio.sleep(0)
        return found

    fake.clear_log()
    files = len(os.listdir("/proc/self/fd"))
    found = asyncio.run(all_of_them())
    assert len(os.listdir("/proc/self/fd")) <= files
    wait_until(lambda: fake.open_sockets() == 0, what="the provider sees no connection", deadline_s=5)
    log = fake.log()
    assert all(entry["closed_by"] for entry in log)
    for case, marker, attempts in zip(asked, markers, found, strict=True):
        reached = sum(marker in str(entry["messages"]) for entry in log)
        # Whose time was over, or whose client left, may not have sent its request yet.
        surely = sum(not attempt.outcome.endswith(("timeout", "cancelled")) for attempt in attempts)
        # A pooled connection that is reset before the answer is repeated once, within the same try.
        at_most = len(attempts) * (2 if "refuse" in case.directive else 1)
        assert surely <= reached <= at_most or case.leaves_after_s is not None


AT_ONCE = 10
# Not shrunk: each try takes seconds.
COMMON = settings(
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
batches = st.lists(cases(), min_size=AT_ONCE, max_size=AT_ONCE)


@settings(COMMON, max_examples=5)
@given(asked=batches)
def test_text_tries_tasks_and_sockets(provider: FakeProcess, asked: list[Case]) -> None:
    check(provider, asked)


@pytest.mark.long
@settings(COMMON, max_examples=200)
@given(asked=batches)
def test_text_tries_tasks_and_sockets_of_2000_answers(provider: FakeProcess, asked: list[Case]) -> None:
    check(provider, asked)
