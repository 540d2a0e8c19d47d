"""What the caller has used."""

from datetime import UTC, datetime

from django.http import HttpRequest
from ninja import Router

from apps.core.access import caller_of
from apps.core.units_of_work import unit_of_work
from apps.usage.schemas import UsageOut
from apps.usage.selectors import usage_get

router = Router(tags=["account"])


@router.get("/account/usage/", response=UsageOut, by_alias=True)
async def usage(request: HttpRequest) -> UsageOut:
    """Tokens of today, answers that are being written, and their limits."""
    return await unit_of_work(usage_get, caller=caller_of(request), now=datetime.now(UTC))
