"""Takes the turns of requests that take none by themselves: sign-in, uploads, other changes, and reading by a link.

What starts an answer takes its turn in the transaction that starts it. Stopping one is always possible.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.core.access import SAFE_METHODS, Caller, caller_of
from apps.core.api import database_away
from apps.core.errors import Forbidden, QuotaExceeded, Unauthorized
from apps.core.problems import problem_response, request_id_of
from apps.core.units_of_work import DATABASE_AWAY, unit_of_work
from apps.usage.services.rates import Rate, turn_take

SIGN_IN = "/_allauth/"
API = "/api/"
BY_LINK = "/api/shared/"
ANONYMOUS = (Rate.LOGIN, Rate.LINK)
TAKES_ITS_OWN = re.compile(r"/api/chat/(stream/|[^/]+/stop/)?")


class RateLimits:
    """To stand behind ApiMiddleware: a foreign page, which that refuses, takes no turn."""

    sync_capable, async_capable = False, True

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        rate = rate_of(request) if settings.RATE_LIMITS else None
        if rate:
            try:
                await unit_of_work(_turn_take, rate, caller=caller_of(request), now=datetime.now(UTC))
            except QuotaExceeded as error:
                return problem_response(error, request_id=request_id_of(request))
            except DATABASE_AWAY as error:
                return database_away(request, error)
        return await self.get_response(request)


def rate_of(request: HttpRequest) -> Rate | None:
    """Which turn a request takes here."""
    if request.method in SAFE_METHODS:
        return Rate.LINK if request.path.startswith(BY_LINK) else None
    if request.path.startswith(SIGN_IN):
        return Rate.LOGIN if request.method == "POST" else None  # signing out is always possible
    if not request.path.startswith(API) or TAKES_ITS_OWN.fullmatch(request.path):
        return None
    return Rate.UPLOAD if request.content_type == "multipart/form-data" else Rate.WRITE


@transaction.atomic
def _turn_take(rate: Rate, *, caller: Caller, now: datetime) -> None:
    """Raises: QuotaExceeded."""
    user = None if rate in ANONYMOUS else _known(caller)
    turn_take(rate, user=user, address=caller.address, now=now)


def _known(caller: Caller) -> User | None:
    """None also for a bad token, which the route itself will refuse: its address has its turns."""
    try:
        return user_of(caller=caller)
    except (Unauthorized, Forbidden):
        return None
