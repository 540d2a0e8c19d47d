"""Committing a prompt: conversation, user message and generation in one transaction, or what it made before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.services import identity_ensure
from apps.chat import selectors
from apps.chat.models import LIVE, Conversation, Generation, Message, Role, State
from apps.chat.schemas import ChatRequest
from apps.core.access import Caller
from apps.core.errors import Conflict
from apps.documents.extraction.results import ExtractedDocument
from apps.documents.models import Document
from apps.documents.services import document_create

TITLE_MAX_CHARS = 60


@dataclass(frozen=True)
class Started:
    """A generation to run or to attach to."""

    generation_id: UUID
    conversation_id: UUID
    user_message_id: UUID
    user_id: UUID
    answer_id: UUID
    session_key: str
    is_new: bool  # this call made it, so this process runs it
    request_id: str = ""
    provider: str = ""
    model: str = ""
    documents: tuple[Document, ...] = ()


def generation_start(
    *, caller: Caller, body: ChatRequest, owner: str, files: tuple[ExtractedDocument, ...] = ()
) -> Started:
    """Commit the prompt and a running generation, or find the one that the same prompt made before.

    Raises: NotFound, Conflict (an answer is being written; the id names another text); nothing is stored then.
    """
    try:
        return _generation_start(caller=caller, body=body, owner=owner, files=files)
    except IntegrityError:
        # Two copies of one prompt at the same moment: the other one has just been committed, so find it.
        return _generation_start(caller=caller, body=body, owner=owner, files=files)


@transaction.atomic
def _generation_start(
    *, caller: Caller, body: ChatRequest, owner: str, files: tuple[ExtractedDocument, ...]
) -> Started:
    identity = identity_ensure(caller=caller)
    prompt = _prompt_find(user=identity.user, body=body)
    if prompt is None:
        prompt, documents = _prompt_create(user=identity.user, body=body, files=files)
        generation, is_new = _generation_create(prompt=prompt, body=body, caller=caller, owner=owner), True
    else:
        documents = tuple(selectors.prompt_documents(prompt))
        generation, is_new = _generation_again(prompt=prompt, body=body, caller=caller, owner=owner)
    return Started(
        generation_id=generation.id,
        conversation_id=generation.conversation_id,
        user_message_id=prompt.id,
        user_id=prompt.user_id,
        answer_id=generation.answer_id,
        session_key=identity.session_key,
        is_new=is_new,
        request_id=caller.request_id,
        provider=generation.provider,
        model=generation.model,
        documents=documents,
    )


def _prompt_find(*, user: User, body: ChatRequest) -> Message | None:
    if body.client_message_id is None:
        return None
    found = Message.objects.filter(user=user, client_message_id=body.client_message_id).first()
    if found and (found.text != body.message or body.conversation_id not in (None, found.conversation_id)):
        raise Conflict("This message was sent before with another text.", code="message_id_reused")
    return found


def _prompt_create(
    *, user: User, body: ChatRequest, files: tuple[ExtractedDocument, ...]
) -> tuple[Message, tuple[Document, ...]]:
    now = datetime.now(UTC)
    if body.conversation_id:
        conversation = selectors.access_conversation(user=user, conversation_id=body.conversation_id)
        refuse_while_live(conversation)
    else:
        conversation = Conversation.objects.create(user=user, title=title_of(body.message), updated_at=now)
    documents = tuple(document_create(user=user, extracted=file) for file in files)
    prompt = Message.objects.create(
        conversation=conversation,
        user=user,
        parent_id=conversation.active_leaf_id,
        role=Role.USER,
        text=body.message,
        client_message_id=body.client_message_id,
        parts=[
            {"type": "file", "document_id": str(doc.id), "filename": doc.filename, "media_type": doc.media_type}
            for doc in documents
        ],
    )
    conversation.documents.add(*documents)
    conversation.active_leaf = prompt
    conversation.updated_at = now
    conversation.save(update_fields=["active_leaf", "updated_at"])
    return prompt, documents


def _generation_again(*, prompt: Message, body: ChatRequest, caller: Caller, owner: str) -> tuple[Generation, bool]:
    """Attach to the prompt's last answer, or begin a new one when that failed or was stopped."""
    last = prompt.generations.order_by("-created_at").first()
    if last and last.state in (*LIVE, State.COMPLETE):
        return last, False
    refuse_while_live(prompt.conversation)
    Conversation.objects.filter(pk=prompt.conversation_id).update(active_leaf=prompt, updated_at=datetime.now(UTC))
    return _generation_create(prompt=prompt, body=body, caller=caller, owner=owner), True


def _generation_create(*, prompt: Message, body: ChatRequest, caller: Caller, owner: str) -> Generation:
    return Generation.objects.create(
        conversation_id=prompt.conversation_id,
        user_message=prompt,
        state=State.RUNNING,
        owner=owner,
        provider=body.provider or "",
        model=body.model or "",
        request_id=caller.request_id,
    )


def refuse_while_live(conversation: Conversation) -> None:
    """Raises: Conflict with the id of the answer that is being written."""
    live = conversation.generations.filter(state__in=LIVE).first()
    if live:
        raise Conflict(
            "An answer is still being written here. Stop it, or wait for its end.",
            code="generation_running",
            conversation_id=str(conversation.pk),
            generation_id=str(live.pk),
        )


def title_of(message: str) -> str:
    """The first line of a prompt, cut at a word."""
    line = message.strip().splitlines()[0].strip()
    if len(line) <= TITLE_MAX_CHARS:
        return line
    cut = line[: TITLE_MAX_CHARS - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE_MAX_CHARS // 2 :] else cut) + "…"
