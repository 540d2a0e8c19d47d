"""What happens here when Django signs somebody in."""

from datetime import UTC, datetime
from typing import Any

from apps.accounts.models import User
from apps.usage.services.absorbing import usage_inherit


def go_on_with_what_was_used(sender: Any, user: User, **kwargs: Any) -> None:
    usage_inherit(user, now=datetime.now(UTC))
