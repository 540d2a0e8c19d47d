import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.core.errors import (
    AuthFailed,
    BadRequest,
    CircuitOpen,
    NothingToAdd,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.orchestration.breaker import LONGEST_OPEN_SECONDS, Breaker
from fastapi_service.tests.orchestration.virtual_time import run_virtually

OPEN_S = 5.0


def broken(kind: type[ProviderError] = ProviderUnavailable, retry_after_s: int | None = None) -> ProviderError:
    return kind("It failed.", provider="p", reason="broken", retry_after_s=retry_after_s)


def breaker() -> Breaker:
    return Breaker("p", "The provider", failures=3, open_s=OPEN_S)


def call(on: Breaker, error: BaseException | None = None, *, begun: bool = False) -> None:
    """One call that ends with `error`."""
    try:
        with on.call() as under_way:
            if begun:
                under_way.begun()
            if error:
                raise error
    except (ProviderError, asyncio.CancelledError) as raised:
        if raised is not error:
            raise


async def opened() -> Breaker:
    on = breaker()
    for _ in range(3):
        call(on, broken())
    return on


def test_it_opens_after_so_many_failures_in_a_row_and_calls_nobody_then() -> None:
    async def check() -> None:
        on = breaker()
        for error in (broken(), broken(), None, broken(), broken()):
            call(on, error)
        assert on.state == "closed"
        call(on, broken())
        assert on.state == "open"
        with pytest.raises(CircuitOpen) as raised:
            call(on)
        assert raised.value.retry_after_s == OPEN_S

    run_virtually(check())


def test_one_probe_goes_through_when_the_time_is_over_and_closes_it_with_its_first_token() -> None:
    async def check() -> None:
        on = await opened()
        await asyncio.sleep(OPEN_S)
        assert on.state == "half_open"
        with on.call() as probe:
            assert not on.allows()
            with pytest.raises(CircuitOpen):
                on.call()
            probe.begun()
            assert on.state == "closed"
            call(on)

    run_virtually(check())


def test_a_probe_that_fails_opens_it_for_twice_as_long_up_to_a_limit() -> None:
    async def check() -> None:
        on = await opened()
        expected = OPEN_S
        for _ in range(8):
            await asyncio.sleep(expected - 0.01)
            assert not on.allows()
            await asyncio.sleep(0.02)
            call(on, broken())
            expected = min(expected * 2, LONGEST_OPEN_SECONDS)
        assert expected == LONGEST_OPEN_SECONDS

    run_virtually(check())


def test_a_probe_that_is_refused_for_what_it_says_shows_that_the_provider_lives() -> None:
    async def check() -> None:
        on = await opened()
        await asyncio.sleep(OPEN_S)
        call(on, broken(BadRequest))
        assert on.state == "closed"

    run_virtually(check())


def test_a_probe_that_meets_a_limit_leaves_the_provider_alone_again() -> None:
    async def check() -> None:
        on = await opened()
        await asyncio.sleep(OPEN_S)
        call(on, broken(RateLimited))
        assert on.state == "open"
        await asyncio.sleep(OPEN_S)
        call(on)
        assert on.state == "closed"

    run_virtually(check())


def test_a_longer_first_pause_is_never_shortened() -> None:
    async def check() -> None:
        on = Breaker("p", "The provider", failures=1, open_s=LONGEST_OPEN_SECONDS * 2)
        call(on, broken())
        for _ in range(3):
            await asyncio.sleep(LONGEST_OPEN_SECONDS * 2 - 1)
            assert on.state == "open"
            await asyncio.sleep(1)
            call(on, broken())

    run_virtually(check())


@pytest.mark.parametrize("error", [asyncio.CancelledError(), broken(NothingToAdd)], ids=["cancelled", "silence"])
def test_what_says_nothing_about_the_provider_lets_the_next_one_probe(error: BaseException) -> None:
    async def check() -> None:
        on = await opened()
        await asyncio.sleep(OPEN_S)
        call(on, error)
        assert on.state == "half_open"
        call(on)
        assert on.state == "closed"

    run_virtually(check())


def test_what_is_the_callers_fault_never_opens_it() -> None:
    async def check() -> None:
        on = breaker()
        for _ in range(10):
            call(on, broken(BadRequest))
            call(on, broken(RateLimited, retry_after_s=1))
        assert on.state == "closed"
        for _ in range(3):
            call(on, broken(AuthFailed))
        assert on.state == "open"

    run_virtually(check())


def test_a_provider_that_says_when_to_come_back_is_left_alone_until_then() -> None:
    async def check() -> None:
        on = breaker()
        call(on, broken(RateLimited, retry_after_s=30))
        with pytest.raises(RateLimited) as raised:
            call(on)
        assert raised.value.retry_after_s == 30
        await asyncio.sleep(30)
        call(on)
        assert on.state == "closed"

    run_virtually(check())


def test_calls_from_before_it_opened_change_nothing() -> None:
    async def check() -> None:
        on = breaker()
        late_success, late_failure = on.call(), on.call()
        for _ in range(3):
            call(on, broken())
        late_success.__exit__(None, None, None)
        assert on.state == "open"
        await asyncio.sleep(OPEN_S)
        with on.call() as probe:
            error = broken()
            late_failure.__exit__(type(error), error, None)
            probe.begun()
        assert on.state == "closed"

    run_virtually(check())


@given(st.lists(st.sampled_from(["ok", "fail", "begun then fail", "cancel", "wait"]), max_size=60))
def test_whatever_happens_a_call_goes_through_in_the_end(steps: list[str]) -> None:
    async def check() -> None:
        on = breaker()
        for step in steps:
            if step == "wait":
                await asyncio.sleep(3)
            elif on.allows():
                error = {"ok": None, "cancel": asyncio.CancelledError()}.get(step, broken())
                call(on, error, begun=step.startswith("begun"))
            else:
                with pytest.raises(CircuitOpen):
                    on.call()
        await asyncio.sleep(LONGEST_OPEN_SECONDS)
        call(on)
        assert on.state == "closed"

    run_virtually(check())
