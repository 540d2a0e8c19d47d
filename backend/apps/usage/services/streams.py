"""How many answers of a user are being written: known to the app that writes them, and told by itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported by AppConfigs, before any model is loaded
    from apps.accounts.models import User

_counts: list["Callable[[User], int]"] = []


def streams_register(count: "Callable[[User], int]") -> None:
    """Called by `AppConfig.ready`, once per app that writes answers."""
    _counts.append(count)


def streams_running(user: "User") -> int:
    """By a query for each that has registered."""
    return sum(count(user) for count in _counts)
