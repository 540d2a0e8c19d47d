"""Reads; synchronous, called inside units of work. By `shared_page` alone anything is found without its user."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.services.identity import user_of
from apps.chat import tree
from apps.chat.models import Message
from apps.chat.selectors import access_conversation_of
from apps.core.access import Caller
from apps.core.errors import InvalidInput, NotFound
from apps.sharing.models import TOKEN_CHARS, Share

MESSAGES_AT_ONCE = 200
TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_CHARS}}}")


@dataclass(frozen=True)
class SharedPage:
    """`messages`, oldest first, of what a link shows."""

    share: Share
    messages: Sequence[Message]
    next_cursor: str | None


def share_of(*, caller: Caller, conversation_id: str) -> Share | None:
    """The link to a conversation of the caller's. Raises: NotFound."""
    conversation = access_conversation_of(caller=caller, conversation_id=conversation_id)
    return Share.objects.filter(conversation=conversation).first()


def share_list(*, caller: Caller) -> list[Share]:
    """All links of the caller's with their conversations, the latest first."""
    user = user_of(caller=caller)
    if user is None:
        return []
    own = _present().filter(conversation__user=user).select_related("conversation")
    return list(own.order_by("-updated_at", "-conversation"))


def shared_page(*, token: str, cursor: UUID | None) -> SharedPage:
    """What a link shows, behind the message `cursor`. Raises: NotFound, InvalidInput."""
    share = _present().filter(token=token).first() if TOKEN.fullmatch(token) else None
    if share is None:
        raise NotFound("This link does not exist, or not any more.", code="share_not_found")
    order = tree.branch_ids(leaf_id=share.leaf_id)
    if cursor is not None and cursor not in order:
        raise InvalidInput("What this link shows has changed; begin at its first page.", code="cursor_invalid")
    begin = 0 if cursor is None else order.index(cursor) + 1
    ids = order[begin : begin + MESSAGES_AT_ONCE]
    found = Message.objects.in_bulk(ids)
    is_last = begin + MESSAGES_AT_ONCE >= len(order)
    return SharedPage(share, [found[pk] for pk in ids if pk in found], None if is_last else str(ids[-1]))


def _present() -> "QuerySet[Share]":
    """Not those of deleted conversations, nor of users that an operator has shut out."""
    return Share.objects.filter(conversation__deleted_at=None, conversation__user__is_active=True)
