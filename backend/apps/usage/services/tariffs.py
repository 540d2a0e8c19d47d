"""What tokens cost, by provider: the local model nothing, the others what the operator says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.conf import settings

LOCAL = "local"  # the worker's name of the model on the operator's own machines


@dataclass(frozen=True)
class Price:
    """Millionths of the currency per token, which is the currency per million tokens."""

    input_micros: Decimal = Decimal(0)
    output_micros: Decimal = Decimal(0)

    def cost_micros(self, *, input_tokens: int, output_tokens: int) -> int:
        """Rounded up."""
        cost = input_tokens * self.input_micros + output_tokens * self.output_micros
        return int(cost.to_integral_value(rounding=ROUND_CEILING))


@dataclass(frozen=True)
class Tariff:
    """What an answer costs at most, whoever gives it. `is_free`: that can be the local model alone."""

    is_free: bool
    price: Price


@dataclass(frozen=True)
class Used:
    """Tokens that one provider has read and written; `provider` is empty where it is not known."""

    provider: str
    model: str
    input_tokens: int
    output_tokens: int

    @property
    def is_free(self) -> bool:
        return self.provider == LOCAL

    @property
    def cost_micros(self) -> int:
        tokens = {"input_tokens": self.input_tokens, "output_tokens": self.output_tokens}
        return 0 if self.is_free else price_of(self.provider).cost_micros(**tokens)


def price_of(provider: str) -> Price:
    """Its price; the dearest of all where nothing is said of it, so that a budget holds all the same."""
    found = settings.PRICES.get(provider)
    return Price(*found) if found else _dearest(settings.PRICES.values())


def tariff_unknown() -> Tariff:
    """When nobody can say who will answer."""
    return Tariff(is_free=False, price=price_of(""))


def tariff_of(models: Mapping[str, Any], *, provider: str, model: str) -> Tariff:
    """By what the worker says of its `models`, and what is asked for (empty: nothing). Any: JSON.

    Who asks for the local model gets that or nothing; any other choice may end at any provider.
    """
    providers = models.get("providers") or []
    if not providers:
        return tariff_unknown()
    if all(entry["name"] == LOCAL for entry in providers) or _is_local_alone(providers, provider=provider, model=model):
        return Tariff(is_free=True, price=Price())
    paid = [price_of(entry["name"]) for entry in providers if entry["name"] != LOCAL]
    return Tariff(is_free=False, price=_dearest([(price.input_micros, price.output_micros) for price in paid]))


def _is_local_alone(providers: list[dict[str, Any]], *, provider: str, model: str) -> bool:
    if provider:
        return provider == LOCAL
    serving = [entry["name"] for entry in providers if model in entry["models"]] if model else []
    return serving[:1] == [LOCAL]


def _dearest(prices: Any) -> Price:  # Any: pairs of Decimal, of a list or of a mapping's values
    pairs = list(prices)
    return Price(max(pair[0] for pair in pairs), max(pair[1] for pair in pairs)) if pairs else Price()
