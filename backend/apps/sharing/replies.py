"""From rows to what a link shows: only what the shapes name is taken."""

from apps.chat.models import Message
from apps.sharing.schemas import SharedConversation, SharedMessage
from apps.sharing.selectors import SharedPage

SHOWN = ("file", "source", "notice")  # no reasoning


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
            "parts": [*text, *(part for part in message.parts if part["type"] in SHOWN)],
            "state": message.state,
            "provider": message.provider,
            "model": message.model,
            "created_at": message.created_at,
        }
    )
