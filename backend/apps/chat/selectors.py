"""Reading conversations. `access_…` is the only way to a row for a user: somebody else's is not found."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.services import user_of
from apps.chat.models import LIVE, Conversation, Generation, Message
from apps.core.access import Caller
from apps.core.errors import InvalidInput, NotFound
from apps.documents.models import Document

PAGE_DEFAULT = 30
MESSAGES_DEFAULT = 50
BRANCH_MAX = 10_000  # messages; a bound for the walk, far above what a person writes


def conversations_of(user: User | None) -> QuerySet[Conversation]:
    """The user's own; nobody has none."""
    if user is None:
        return Conversation.objects.none()
    running = Generation.objects.filter(conversation=OuterRef("pk"), state__in=LIVE)
    return Conversation.objects.filter(user=user).annotate(running=Exists(running))


def access_conversation(*, user: User | None, conversation_id: UUID) -> Conversation:
    """Raises: NotFound, also for somebody else's."""
    found = conversations_of(user).filter(pk=conversation_id).first()
    if found is None:
        raise NotFound("This conversation does not exist, or it is not yours.", code="conversation_not_found")
    return found


def access_conversation_of(*, caller: Caller, conversation_id: UUID) -> Conversation:
    """The same, for the caller of a request."""
    return access_conversation(user=user_of(caller=caller), conversation_id=conversation_id)


def conversation_list(*, caller: Caller, cursor: str, limit: int) -> tuple[list[Conversation], str | None]:
    """A page, newest first, and the cursor of the next one. Raises: InvalidInput."""
    rows = conversations_of(user_of(caller=caller)).order_by("-updated_at", "-id")
    if cursor:
        updated_at, pk = _cursor_read(cursor)
        rows = rows.filter(Q(updated_at__lt=updated_at) | Q(updated_at=updated_at, id__lt=pk))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return found[:limit], _cursor_write(found[limit - 1]) if more else None


def _cursor_write(last: Conversation) -> str:
    return urlsafe_b64encode(f"{last.updated_at.isoformat()} {last.pk}".encode()).decode()


def _cursor_read(cursor: str) -> tuple[datetime, UUID]:
    try:
        updated_at, pk = urlsafe_b64decode(cursor).decode().split(" ")
        return datetime.fromisoformat(updated_at), UUID(pk)
    except ValueError as error:
        raise InvalidInput("This cursor is none that this server gave.", code="cursor_invalid") from error


def branch(*, leaf_id: UUID | None, limit: int) -> list[Message]:
    """The messages from `leaf_id` up towards the root, at most `limit`, oldest first: one query."""
    if leaf_id is None:
        return []
    walk = """
        WITH RECURSIVE branch(id, parent_id, depth) AS (
            SELECT id, parent_id, 0 FROM chat_message WHERE id = %s
            UNION ALL
            SELECT message.id, message.parent_id, branch.depth + 1
            FROM chat_message AS message JOIN branch ON message.id = branch.parent_id WHERE branch.depth < %s
        )
        SELECT message.*, branch.depth FROM chat_message AS message JOIN branch ON message.id = branch.id
        ORDER BY branch.depth DESC
    """
    # SQLite keeps a UUID as 32 hex digits; the field knows each database's form.
    key = Message._meta.pk.get_db_prep_value(leaf_id, connection, prepared=False)
    return list(Message.objects.raw(walk, [key, limit - 1]))


def messages_page(*, conversation: Conversation, before: UUID | None, limit: int) -> tuple[list[Message], str | None]:
    """The end of the active branch, or what precedes the message `before`; and the `before` of the page above."""
    leaf = conversation.active_leaf_id
    if before is not None:
        leaf = conversation.messages.filter(pk=before).values_list("parent_id", flat=True).first()
    found = branch(leaf_id=leaf, limit=limit)
    return found, str(found[0].pk) if found and found[0].parent_id else None


def live_generation(conversation: Conversation) -> Generation | None:
    return conversation.generations.filter(state__in=LIVE).first()


def prompt_documents(prompt: Message) -> list[Document]:
    """The documents that came with a prompt."""
    ids = [part["document_id"] for part in prompt.parts if part["type"] == "file"]
    return list(Document.objects.filter(pk__in=ids, user_id=prompt.user_id)) if ids else []
