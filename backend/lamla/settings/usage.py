"""How often, how much, and for how much money: limits per minute, per day, and at once."""

from decimal import Decimal, InvalidOperation

from environment import ConfigurationError
from lamla.settings.base import env

MICROS = 1_000_000
PAID_PROVIDERS = frozenset({"azure_openai", "deepseek", "gemini", "huggingface"})


def _money(text: str, *, name: str) -> Decimal:
    """Raises: ConfigurationError."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise ConfigurationError(f"{name} holds {text!r}; write an amount such as 2.50.")
    return amount


def _prices(name: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Per provider, for a million tokens that are read and a million that are written. Raises: ConfigurationError."""
    prices = {}
    for entry in env.items(name):
        provider, _, pair = entry.partition("=")
        read, slash, written = pair.partition("/")
        if provider not in PAID_PROVIDERS or not slash:
            known = ", ".join(sorted(PAID_PROVIDERS))
            raise ConfigurationError(f"{name} holds {entry!r}; write {known} as in deepseek=0.27/1.10.")
        prices[provider] = (_money(read, name=name), _money(written, name=name))
    return prices


# Turns per minute, by what is asked for and by whom; see apps/usage/services/rates.py.
RATES_PER_MINUTE = {
    "chat": {
        "user": env.integer("RATE_CHAT_PER_MINUTE", 30, at_least=1),
        "guest": env.integer("RATE_GUEST_CHAT_PER_MINUTE", 10, at_least=1),
        "address": env.integer("RATE_ADDRESS_CHAT_PER_MINUTE", 300, at_least=1),
    },
    "upload": {
        "user": env.integer("RATE_UPLOAD_PER_MINUTE", 10, at_least=1),
        "guest": env.integer("RATE_GUEST_UPLOAD_PER_MINUTE", 5, at_least=1),
        "address": env.integer("RATE_ADDRESS_UPLOAD_PER_MINUTE", 60, at_least=1),
    },
    "write": {
        "user": env.integer("RATE_WRITE_PER_MINUTE", 120, at_least=1),
        "guest": env.integer("RATE_GUEST_WRITE_PER_MINUTE", 60, at_least=1),
        "address": env.integer("RATE_ADDRESS_WRITE_PER_MINUTE", 1200, at_least=1),
    },
    # Nobody is known: by address alone.
    "login": {"address": env.integer("RATE_LOGIN_PER_MINUTE", 60, at_least=1)},
    "link": {"address": env.integer("RATE_LINK_PER_MINUTE", 600, at_least=1)},
}
STREAMS_PER_USER_MAX = env.integer("STREAMS_PER_USER_MAX", 5, at_least=1)

# Of one answer: it is what the model is told, and what is reserved of the day's quota while it is written.
CHAT_ANSWER_MAX_TOKENS = env.integer("CHAT_ANSWER_MAX_TOKENS", 8_192, at_least=1)
# 0: no limit.
QUOTA_USER_TOKENS_PER_DAY = env.integer("QUOTA_USER_TOKENS_PER_DAY", 1_000_000)
QUOTA_GUEST_TOKENS_PER_DAY = env.integer("QUOTA_GUEST_TOKENS_PER_DAY", 100_000)
QUOTA_GUESTS_PER_ADDRESS = env.integer("QUOTA_GUESTS_PER_ADDRESS", 1, at_least=1)

PRICES = _prices("PRICES")
BUDGET_PER_DAY_MICROS = int(_money(env.text("BUDGET_PER_DAY", "0"), name="BUDGET_PER_DAY") * MICROS)
if BUDGET_PER_DAY_MICROS and not PRICES:
    raise ConfigurationError("BUDGET_PER_DAY is set, but no PRICES by which it could be spent.")
USAGE_KEEP_DAYS = env.integer("USAGE_KEEP_DAYS", 400, at_least=2)
