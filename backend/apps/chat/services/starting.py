"""Committing a prompt: conversation, user message and generation in one transaction, or what it made before."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.accounts.services.identity import identity_ensure, user_lock
from apps.chat import selectors, tree
from apps.chat.models import LIVE, Conversation, Generation, Message, Role, State
from apps.chat.prompt_bodies import PromptBody, PromptRequest, request_of
from apps.chat.services.indexing import entries_add, message_entry, title_entry
from apps.chat.services.metering import answer_reserve, refuse_too_many_streams
from apps.chat.services.placing import Place, place_find, refuse_while_live
from apps.chat.written import NOTHING_WRITTEN, Written, written_in
from apps.core.access import Caller
from apps.courses.selectors import access_course
from apps.documents.models import Document
from apps.usage.services.rates import Rate, turn_take
from apps.usage.services.tariffs import Tariff, tariff_unknown

TITLE_MAX_CHARS = 60


@dataclass(frozen=True, slots=True)
class Started:
    """A generation to run or to attach to."""

    generation_id: UUID
    conversation_id: UUID
    user_message_id: UUID
    user_id: UUID  # whose conversation it is
    answer_id: UUID
    session_key: str
    is_new: bool  # this call made it, so this process runs it
    request_id: str = ""
    provider: str = ""
    model: str = ""
    granted_tokens: int | None = None  # that the answer may have; None: as many as it takes
    documents: tuple[Document, ...] = ()
    begun: Written = NOTHING_WRITTEN  # by an earlier answer, from which it goes on


@dataclass(frozen=True, slots=True)
class _Question:
    """A prompt in its place, and the documents that it comes with."""

    prompt: Message
    documents: tuple[Document, ...]
    last: Generation | None = None  # the answer that it has already, to attach to
    continued: Message | None = None  # the answer that is to be gone on with


def generation_start(
    *,
    caller: Caller,
    body: PromptBody,
    owner: str,
    tariff: Tariff | None = None,
) -> Started:
    """Commit what is asked and a generation that runs under the lease `owner`, or find the one that it made before.

    `tariff` is what the answer costs at most, None where that is not known. Raises: NotFound, Conflict (an answer is
    being written, or whole; the id is another message's), InvalidInput, QuotaExceeded; nothing is stored then.
    """
    request = request_of(body)
    tariff = tariff or tariff_unknown()
    try:
        return _generation_start(caller=caller, request=request, owner=owner, tariff=tariff)
    except IntegrityError:
        # What it refers to was deleted, or written by somebody else, at this moment: look again.
        return _generation_start(caller=caller, request=request, owner=owner, tariff=tariff)


@transaction.atomic
def _generation_start(*, caller: Caller, request: PromptRequest, owner: str, tariff: Tariff) -> Started:
    now = datetime.now(UTC)
    identity = identity_ensure(caller=caller)
    # Copies of one prompt, and races of edits and regenerates, are placed one after the other. Before the turns, since
    # others of the same address wait for those.
    user_lock(identity.user.pk)
    turn_take(Rate.CHAT, user=identity.user, address=caller.address, now=now)
    asked = _prompt_ensure(user=identity.user, request=request)
    prompt, generation, granted_tokens = asked.prompt, asked.last, None
    begun = written_in(asked.continued) if asked.continued else NOTHING_WRITTEN
    if generation is None:
        refuse_too_many_streams(identity.user)
        generation = _generation_create(asked, request=request, owner=owner, request_id=caller.request_id)
        # Last of all, since others who share a limit wait from here on.
        granted_tokens = answer_reserve(
            generation,
            user=identity.user,
            prompt=prompt,
            has_files=bool(asked.documents or prompt.conversation.course_id),
            begun=begun,
            address=caller.address,
            tariff=tariff,
            now=now,
        )
    return Started(
        generation_id=generation.id,
        conversation_id=generation.conversation_id,
        user_message_id=prompt.id,
        user_id=identity.user.pk,
        answer_id=generation.answer_id,
        session_key=identity.session_key,
        is_new=asked.last is None,
        request_id=caller.request_id,
        provider=generation.provider,
        model=generation.model,
        granted_tokens=granted_tokens,
        documents=asked.documents,
        begun=begun,
    )


def _prompt_ensure(*, user: User, request: PromptRequest) -> _Question:
    """The prompt in its place."""
    place = place_find(user=user, request=request)
    if place.standing is None:
        return _Question(*_prompt_create(user=user, place=place, request=request))
    prompt = place.standing
    last = None if request.makes_answer_anew else _attachable(prompt)
    if last is None:
        refuse_while_live(prompt.conversation)
        _branch_activate(prompt.conversation_id, leaf_id=prompt.pk)
    elif place.is_taken_back and last.state == State.COMPLETE:
        _branch_activate(prompt.conversation_id, leaf_id=tree.newest_leaf(prompt).pk)
    return _Question(prompt, tuple(selectors.prompt_documents(prompt)), last, place.continued)


def _attachable(prompt: Message) -> Generation | None:
    """The last answer to a prompt that was sent again; None when that failed or was stopped, so it is retried."""
    last = prompt.generations.order_by("-created_at").first()
    return last if last and last.state in (*LIVE, State.COMPLETE) else None


def _prompt_create(*, user: User, place: Place, request: PromptRequest) -> tuple[Message, tuple[Document, ...]]:
    """Write a prompt in its place and make its branch the active one; return it with the documents it comes with."""
    text = request.text or ""
    if place.conversation:
        refuse_while_live(place.conversation)
    documents = _documents_attach(user=user, place=place, request=request)
    conversation = place.conversation or Conversation.objects.create(
        user=user,
        client_id=request.conversation,
        title=title_of(text),
        course=access_course(user=user, course_id=request.course_id) if request.course_id else None,
        updated_at=datetime.now(UTC),
    )
    pk = uuid4()
    prompt = Message.objects.create(
        id=pk,
        conversation=conversation,
        user=user,
        parent_id=place.parent_id,
        role=Role.USER,
        text=text,
        # Where the client gave no id, ours is it, so that every prompt can be edited.
        client_message_id=_shared_id(place.edited) if place.edited else request.client_message_id or str(pk),
        revision=place.edited.revision + 1 if place.edited else 0,
        parts=[
            {"type": "file", "document_id": str(doc.pk), "filename": doc.filename, "media_type": doc.media_type}
            for doc in documents
        ],
    )
    entries_add([*([] if place.conversation else [title_entry(conversation)]), message_entry(prompt)])
    conversation.documents.add(*documents)
    _branch_activate(conversation.pk, leaf_id=pk)
    return prompt, documents


def _documents_attach(*, user: User, place: Place, request: PromptRequest) -> tuple[Document, ...]:
    """The documents that are named; those of the prompt before an edit that names none."""
    named = selectors.access_documents(user=user, ids=request.document_ids)
    return tuple(selectors.prompt_documents(place.edited) if place.edited and not named else named)


def _shared_id(edited: Message) -> str:
    """The client's id, which all versions of a prompt share; ours, given late, where there was none."""
    if edited.client_message_id is None:
        edited.client_message_id = str(edited.pk)
        edited.save(update_fields=["client_message_id"])
    return edited.client_message_id


def _branch_activate(conversation_id: UUID, *, leaf_id: UUID) -> None:
    """Show and prompt from the branch that ends in this message, and bring the conversation to the top of the list."""
    # By a query, not by save(): a conversation that is deleted at this moment is found out by the database, at the end.
    Conversation.objects.filter(pk=conversation_id).update(active_leaf=leaf_id, updated_at=datetime.now(UTC))


def _generation_create(asked: _Question, *, request: PromptRequest, owner: str, request_id: str) -> Generation:
    return Generation.objects.create(
        conversation_id=asked.prompt.conversation_id,
        user_message=asked.prompt,
        continues=asked.continued,
        state=State.RUNNING,
        owner=owner,
        provider=request.provider,
        model=request.model,
        request_id=request_id,
    )


def title_of(message: str) -> str:
    """The first line of a prompt, cut at a word."""
    line = message.strip().splitlines()[0].strip()
    if len(line) <= TITLE_MAX_CHARS:
        return line
    cut = line[: TITLE_MAX_CHARS - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE_MAX_CHARS // 2 :] else cut) + "…"
