"""The endpoint of the live feed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from apps.accounts.services.identity import user_of
from apps.chat.services.live_feed import live_feed
from apps.core.access import caller_of
from apps.core.sse import sse_response
from apps.core.units_of_work import unit_of_work

router = Router(tags=["chat"])
LIVE_DOC: dict[str, Any] = {  # Any: a piece of an OpenAPI document
    "responses": {
        200: {
            "description": "Server-Sent Events. First `answering` with all `conversations` that are being answered; "
            "then `started`, `finished` (`state`: complete, stopped or failed) and `titled` as they happen, and "
            "`data-document` (`data`: a document) at each change of a file. "
            "The connection may end at any time: come back, and begin with its first frame again.",
            "content": {"text/event-stream": {}},
        },
        204: {"description": "This caller has nothing yet: no user, so no conversation."},
    }
}


@router.get("/chat/live/", openapi_extra=LIVE_DOC)
async def follow_conversations(request: HttpRequest) -> HttpResponseBase:
    """Follow which of the caller's conversations are being answered, in whatever tab or process."""
    user = await unit_of_work(user_of, caller=caller_of(request))
    return sse_response(live_feed().follow(user.pk)) if user else HttpResponse(status=204)
