"""Writes; synchronous, called inside units of work."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from apps.accounts.services.identity import user_lock
from apps.chat import tree
from apps.chat.models import Conversation
from apps.chat.selectors import access_conversation_of
from apps.core.access import Caller
from apps.core.errors import Conflict
from apps.sharing.models import TOKEN_CHARS, Share

PER_USER_MAX = 500


@transaction.atomic
def share_make(*, caller: Caller, conversation_id: str) -> Share:
    """Make the link to a conversation, or bring it up to what the active branch is now; its address stays.

    Raises: NotFound; Conflict when there is nothing to show, or there are too many links.
    """
    conversation = access_conversation_of(caller=caller, conversation_id=conversation_id)
    user_lock(conversation.user_id)
    order = tree.branch_ids(leaf_id=conversation.active_leaf_id)
    if not order:
        raise Conflict("There is nothing in this conversation yet that could be shared.", code="nothing_to_share")
    now = datetime.now(UTC)
    shown: dict[str, Any] = {  # Any: columns
        "leaf_id": order[-1],
        "title": conversation.title,
        "messages": len(order),
        "updated_at": now,
    }
    if Share.objects.filter(conversation=conversation).update(**shown):
        return Share.objects.get(conversation=conversation)
    _refuse_too_many(conversation)
    return Share.objects.create(conversation=conversation, token=_new_token(), created_at=now, **shown)


@transaction.atomic
def share_revoke(*, caller: Caller, conversation_id: str) -> None:
    """Its address shows nothing from now on, for ever: another link gets another address. Raises: NotFound."""
    conversation = access_conversation_of(caller=caller, conversation_id=conversation_id)
    Share.objects.filter(conversation=conversation).delete()


def _new_token() -> str:
    return secrets.token_urlsafe(TOKEN_CHARS * 6 // 8)  # 192 bits


def _refuse_too_many(conversation: Conversation) -> None:
    if Share.objects.filter(conversation__user=conversation.user_id).count() >= PER_USER_MAX:
        raise Conflict(
            f"There are {PER_USER_MAX} links already. Revoke one that is not needed.", code="too_many_shares"
        )
