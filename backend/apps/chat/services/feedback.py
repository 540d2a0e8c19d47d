"""What users think of answers. Synchronous: called inside units of work."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.services.identity import user_lock, user_of
from apps.chat.feedback_schemas import FeedbackIn
from apps.chat.models import Feedback, Message, Role, TargetKind
from apps.core.access import Caller
from apps.core.errors import NotFound


@transaction.atomic
def feedback_set(*, caller: Caller, message_id: UUID, body: FeedbackIn) -> Feedback | None:
    """Keep what the caller says of an answer, in the place of what was said before; None when it is taken back.

    Raises: NotFound, also for a question and for somebody else's answer.
    """
    user = user_of(caller=caller)
    if user:
        user_lock(user.pk)  # so does whoever deletes the answer
    answers = Message.objects.filter(user=user, role=Role.ASSISTANT, conversation__deleted_at=None)
    if user is None or not answers.filter(pk=message_id).exists():
        raise NotFound("This answer does not exist, or it is not yours.", code="message_not_found")
    kind = TargetKind.MESSAGE
    if body.rating is None:
        Feedback.objects.filter(user=user, target_kind=kind, target_id=message_id).delete()
        return None
    said = {
        "message_id": message_id,
        "rating": body.rating,
        "reason": body.reason or "",
        "comment": body.comment,
        "updated_at": timezone.now(),
    }
    feedback, _ = Feedback.objects.update_or_create(user=user, target_kind=kind, target_id=message_id, defaults=said)
    return feedback


def feedback_by_message(message_ids: Collection[UUID]) -> dict[UUID, Feedback]:
    """What was said of each of these messages, of which there is one query."""
    return {feedback.target_id: feedback for feedback in Feedback.objects.filter(message__in=message_ids)}
