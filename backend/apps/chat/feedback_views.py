"""The endpoint of feedback on answers."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from apps.chat.feedback_schemas import FeedbackIn, FeedbackOut
from apps.chat.services.feedback import feedback_set
from apps.core.access import caller_of
from apps.core.units_of_work import unit_of_work

router = Router(tags=["chat"])


@router.post("/messages/{message_id}/feedback/", response=FeedbackOut | None)
async def give_feedback(request: HttpRequest, message_id: UUID, body: FeedbackIn) -> FeedbackOut | None:
    """Say what you think of an answer; once more replaces it, and a null rating takes it back (then null comes)."""
    feedback = await unit_of_work(feedback_set, caller=caller_of(request), message_id=message_id, body=body)
    return FeedbackOut.of(feedback) if feedback else None
