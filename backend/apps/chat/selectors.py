"""Reading conversations. `access_…` is the only way to a row for a user: somebody else's is not found."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.chat import tree
from apps.chat.models import LIVE, Conversation, Generation, Message, Role
from apps.core.access import Caller
from apps.core.cursors import cursor_read, cursor_write
from apps.core.errors import NotFound
from apps.documents.models import Document

PAGE_DEFAULT = 30
MESSAGES_DEFAULT = 50


def conversations_of(user: User | None) -> QuerySet[Conversation]:
    """The user's own; nobody has none."""
    if user is None:
        return Conversation.objects.none()
    running = Generation.objects.filter(conversation=OuterRef("pk"), state__in=LIVE)
    return Conversation.objects.filter(user=user).annotate(running=Exists(running))


def conversation_named(*, user: User | None, name: str) -> Conversation | None:
    """The user's conversation of this id, or of this name that the client gave it."""
    rows = conversations_of(user)
    found = rows.filter(pk=pk).first() if (pk := uuid_of(name)) else None
    return found or rows.filter(client_id=name).first()


def deleted_named(*, user: User | None, name: str) -> Conversation | None:
    """The same among those that are deleted and not yet swept away."""
    deleted = Conversation.with_deleted.filter(user=user, deleted_at__isnull=False)
    by_id = Q(pk=pk) if (pk := uuid_of(name)) else Q(pk__in=())
    return deleted.filter(by_id | Q(client_id=name)).first() if user else None


def access_conversation(*, user: User | None, conversation_id: str) -> Conversation:
    """By our id or the client's name. Raises: NotFound, also for somebody else's."""
    found = conversation_named(user=user, name=conversation_id)
    if found is None:
        raise conversation_not_found()
    return found


def conversation_not_found() -> NotFound:
    return NotFound("This conversation does not exist, or it is not yours.", code="conversation_not_found")


def access_conversation_of(*, caller: Caller, conversation_id: str) -> Conversation:
    """The same, for the caller of a request."""
    return access_conversation(user=user_of(caller=caller), conversation_id=conversation_id)


def conversation_is_known(*, caller: Caller, conversation_id: str) -> bool:
    """Whether the caller has such a conversation."""
    return conversation_named(user=user_of(caller=caller), name=conversation_id) is not None


def uuid_of(name: str) -> UUID | None:
    """The UUID that a name is, if it is one."""
    try:
        return UUID(name)
    except ValueError:
        return None


def conversation_list(
    *,
    caller: Caller,
    cursor: str,
    limit: int,
    course_id: UUID | None = None,
    archived: bool = False,
    pinned: bool | None = None,
) -> tuple[list[Conversation], str | None]:
    """A page, newest first, and the cursor of the next one. Raises: InvalidInput."""
    rows = conversations_of(user_of(caller=caller)).filter(archived=archived).order_by("-updated_at", "-id")
    if course_id:
        rows = rows.filter(course=course_id)
    if pinned is not None:
        rows = rows.filter(pinned=pinned)
    if cursor:
        updated_at, pk = cursor_read(cursor)
        rows = rows.filter(Q(updated_at__lt=updated_at) | Q(updated_at=updated_at, id__lt=pk))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], cursor_write(last.updated_at, last.pk) if last else None


def messages_page(*, conversation: Conversation, before: UUID | None, limit: int) -> tuple[list[Message], str | None]:
    """The end of the active branch, or what precedes the message `before`; and the `before` of the page above."""
    leaf = conversation.active_leaf_id
    if before is not None:
        leaf = conversation.messages.filter(pk=before).values_list("parent_id", flat=True).first()
    found = tree.branch(leaf_id=leaf, limit=limit)
    return found, str(found[0].pk) if found and found[0].parent_id else None


def live_generation(conversation: Conversation) -> Generation | None:
    return conversation.generations.filter(state__in=LIVE).first()


def last_generation(conversation: Conversation) -> Generation | None:
    """The one that runs, whatever the clocks of those say who began the others; else the latest."""
    return live_generation(conversation) or conversation.generations.order_by("-created_at").first()


def prompt_documents(prompt: Message) -> list[Document]:
    """The documents that came with a prompt."""
    return tree.documents_of([prompt], user_id=prompt.user_id)


def access_documents(*, user: User, ids: Sequence[UUID]) -> list[Document]:
    """In the order of `ids`. Raises: NotFound, also for somebody else's."""
    found = Document.objects.filter(user=user).in_bulk(list(ids)) if ids else {}
    if len(found) < len(set(ids)):
        raise NotFound("A document does not exist, or it is not yours.", code="document_not_found")
    return [found[pk] for pk in dict.fromkeys(ids)]


def message_named(*, conversation: Conversation, name: str) -> Message | None:
    """Its message of this id, or its prompt of this client's id; of several versions the newest."""
    found = conversation.messages.filter(pk=pk).first() if (pk := uuid_of(name)) else None
    return found or conversation.messages.filter(client_message_id=name).order_by("-revision").first()


def prompt_versions(*, user: User, name: str | None) -> list[Message]:
    """All that a prompt was sent with, in order of making; `name` is the client's id of it, or ours."""
    if name is None:
        return []
    prompts = Message.objects.filter(user=user, role=Role.USER).select_related("conversation").order_by("revision")
    if found := list(prompts.filter(client_message_id=name)):
        return found
    ours = prompts.filter(pk=pk).first() if (pk := uuid_of(name)) else None
    if ours is None or ours.client_message_id is None:
        return [ours] if ours else []
    return list(prompts.filter(client_message_id=ours.client_message_id))
