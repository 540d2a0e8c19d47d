"""What happens here when Django signs somebody in."""

from typing import Any

from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.services.guests import session_guest_absorb


def keep_what_the_guest_made(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    session_guest_absorb(session=request.session, user=user)
