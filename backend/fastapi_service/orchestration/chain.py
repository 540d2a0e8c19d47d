"""The configured providers, and a request's admission to them."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi_service.core.config import LOCAL
from fastapi_service.core.errors import InvalidInput, NoProvider
from fastapi_service.orchestration.breaker import Breaker
from fastapi_service.orchestration.images import able
from fastapi_service.orchestration.lane import Lane, Route
from fastapi_service.orchestration.limits import ConcurrencyLimit
from fastapi_service.orchestration.metrics import Metrics
from fastapi_service.orchestration.run import Run
from fastapi_service.orchestration.structured import schema_check
from fastapi_service.providers.base import Prompt, Provider, Timeouts


@dataclass(frozen=True, slots=True)
class Patience:
    """How much is put up with: requests in a queue, tries per provider and request, failures before a circuit opens
    and the seconds it then stays open at first."""

    queue_length: int = 32
    tries: int = 3
    breaker_failures: int = 5
    breaker_open_s: float = 5.0


class Chain:
    """The providers in the order in which they are tried."""

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        timeouts: Timeouts,
        patience: Patience | None = None,
        metrics: Metrics | None = None,
        rng: random.Random | None = None,
    ) -> None:
        """Needs no event loop yet. `rng` draws the pauses between tries."""
        patience = patience or Patience()
        self.timeouts = timeouts
        self.metrics = metrics or Metrics()
        self._tries = patience.tries
        self._rng = rng or random.Random()  # noqa: S311  jitter, no secret
        self.lanes = tuple(_lane(provider, patience) for provider in providers)

    @contextmanager
    def admit(self, prompt: Prompt, *, provider: str | None, model: str | None) -> Iterator[Run]:
        """A run of `prompt` with its place at the first provider that has room; the one that is asked for comes first.

        Raises: InvalidInput (unknown provider or model, no schema, no such ability), NoProvider, Overloaded,
        CircuitOpen.
        """
        check = schema_check(prompt.response_schema) if prompt.response_schema is not None else None
        lanes = self._lanes_for(provider, model)
        asked_for = lanes[0]
        route = Route(able(prompt, lanes, is_chosen=bool(provider or model)), tries=self._tries, rng=self._rng)
        run = Run(
            route=route,
            lane=route.first(),
            asked_for=asked_for,
            prompt=prompt,
            check=check,
            models={asked_for: model} if model else {},
            timeouts=self.timeouts,
            metrics=self.metrics,
            ends_at=asyncio.get_running_loop().time() + self.timeouts.total_s,
        )
        with run:
            yield run

    def lane_of(self, name: str | None) -> Lane:
        """The lane of that name, or the first one. Raises: InvalidInput, NoProvider."""
        return self._lanes_for(name, None)[0]

    def _lanes_for(self, name: str | None, model: str | None) -> list[Lane]:
        """All lanes, the one that is asked for first.

        A choice of the local model is one against all others: what a student writes for the own machine does not
        leave it. Raises: InvalidInput, NoProvider.
        """
        if not self.lanes:
            raise NoProvider("No model is set up. The operator should set the key of a provider, or a local model.")
        named = [lane for lane in self.lanes if name in (None, lane.provider.name)]
        if not named:
            raise InvalidInput(f"There is no provider of the name {name!r} here.", code="unknown_provider")
        if model is not None:
            # A local server's models may not be known yet; it says itself whether it has one of that name.
            serving = [lane for lane in named if model in lane.provider.models or not lane.provider.models]
            if not serving:
                raise InvalidInput(f"There is no model of the name {model!r} here.", code="unknown_model")
            named = serving[:1]
        if (name or model) and named[0].provider.name == LOCAL:
            return named
        return [*named, *(lane for lane in self.lanes if lane not in named)]


def _lane(provider: Provider, patience: Patience) -> Lane:
    limit = ConcurrencyLimit(provider.concurrency, patience.queue_length)
    breaker = Breaker(provider.name, provider.label, failures=patience.breaker_failures, open_s=patience.breaker_open_s)
    return Lane(provider, limit, breaker)
