"""What each app keeps of a user, told by itself: so that this app, on which all others rest, need not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported by AppConfigs, before any model is loaded
    from apps.accounts.models import User


@dataclass(frozen=True)
class Belongings:
    """`absorb(guest, user)` moves all that the guest has to the user, under the caller's transaction."""

    name: str
    absorb: "Callable[[User, User], None]"


_registered: dict[str, Belongings] = {}


def register(belongings: Belongings) -> None:
    """Called by `AppConfig.ready`, once per app."""
    _registered[belongings.name] = belongings


def all_belongings() -> tuple[Belongings, ...]:
    """In the order of INSTALLED_APPS."""
    return tuple(_registered.values())
