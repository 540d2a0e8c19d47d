"""From rows to what a link shows: only what the shapes name is taken."""

from collections.abc import Mapping
from typing import Any

from apps.chat.citations import is_cited
from apps.chat.models import Message
from apps.sharing.schemas import SharedConversation, SharedMessage
from apps.sharing.selectors import SharedPage

SHOWN = ("file", "notice")  # no reasoning


def shared_out(page: SharedPage) -> SharedConversation:
    return SharedConversation(
        title=page.share.title,
        updated_at=page.share.updated_at,
        messages=[_message(message) for message in page.messages],
        next_cursor=page.next_cursor,
    )


def _message(message: Message) -> SharedMessage:
    text = [{"type": "text", "text": message.text}] if message.text else []
    return SharedMessage.model_validate(
        {
            "id": message.pk,
            "role": message.role,
            "text": message.text,
            "parts": [*text, *filter(_is_shown, message.parts)],
            "state": message.state,
            "provider": message.provider,
            "model": message.model,
            "created_at": message.created_at,
        }
    )


def _is_shown(part: Mapping[str, Any]) -> bool:
    """Of a file no passage that the answer does not cite: it was beside the question, not said. Any: JSON."""
    return part["type"] in SHOWN or (part["type"] == "source" and is_cited(part))
