"""Where a prompt stands in the tree of its conversation: where it stood before, or a place of its own. Reads only.

A prompt is known by the client's id of it: with the same text it is the same prompt, with another text an edit, which
is a sibling of the first under the same id.
"""

from dataclasses import dataclass
from uuid import UUID

from apps.accounts.models import User
from apps.chat import selectors
from apps.chat.models import LIVE, Conversation, Message, Role, State
from apps.chat.prompt_bodies import PromptRequest
from apps.core.errors import Conflict, InvalidInput, NotFound

CONTINUED_MAX_CHARS = 400_000  # the worker takes 500,000 of a beginning, and what is added may have to be begun with


@dataclass(frozen=True)
class Place:
    """Of a prompt."""

    conversation: Conversation | None  # None: one that begins with it
    standing: Message | None = None  # it is there already
    is_taken_back: bool = False  # and it has been edited since
    parent_id: UUID | None = None  # it is to be written under this answer; None: at the root
    edited: Message | None = None  # and then it is the next version of this one
    continued: Message | None = None  # the answer to it, of those that it has, that is to be gone on with


def place_find(*, user: User, request: PromptRequest) -> Place:
    """Find the prompt that the request means, or where it belongs.

    Raises: NotFound; Conflict when its id is another message's, or there is nothing to answer again, or to go on with;
    InvalidInput.
    """
    conversation = _conversation(user=user, request=request)
    if request.continues and conversation:
        answer = _continuable(conversation, request.continues)
        return Place(conversation, standing=answer.parent, continued=answer)
    if request.regenerate and (question := _question(conversation, request)):
        return Place(conversation, standing=question)
    versions = selectors.prompt_versions(user=user, name=request.client_message_id)
    if not versions:
        return Place(conversation, parent_id=_parent_id(conversation, request))
    _refuse_another_place(versions[-1], conversation, request)
    if versions[-1].conversation.deleted_at:
        raise selectors.conversation_not_found()
    same = next((version for version in versions if version.text == request.text), None)
    if same:
        return Place(same.conversation, standing=same, is_taken_back=same is not versions[-1])
    return Place(versions[-1].conversation, parent_id=versions[-1].parent_id, edited=versions[-1])


def _conversation(*, user: User, request: PromptRequest) -> Conversation | None:
    if request.conversation is None:
        return None
    if request.make_conversation:
        named = selectors.conversation_named(user=user, name=request.conversation)
        if named is None and selectors.deleted_named(user=user, name=request.conversation):
            raise selectors.conversation_not_found()
        return named
    return selectors.access_conversation(user=user, conversation_id=request.conversation)


def _question(conversation: Conversation | None, request: PromptRequest) -> Message | None:
    """What is to be answered again; None when the request brings the question itself."""
    if conversation and request.target:
        named = selectors.message_named(conversation=conversation, name=request.target)
        if named:
            return _question_of(named)
    if request.text is not None:
        return None
    if request.target:
        raise _message_not_found()
    if conversation is None or conversation.active_leaf is None:
        raise Conflict("There is no answer here yet that could be made again.", code="nothing_to_regenerate")
    return _question_of(conversation.active_leaf)


def _question_of(message: Message) -> Message | None:
    return message if message.role == Role.USER else message.parent


def _continuable(conversation: Conversation, answer_id: UUID) -> Message:
    """The answer of this id. Raises: NotFound; Conflict when it is whole, or has no text to go on from."""
    answer = conversation.messages.select_related("parent").filter(pk=answer_id, role=Role.ASSISTANT).first()
    if answer is None:
        raise _message_not_found()
    was_cut = answer.state in (State.STOPPED, State.FAILED) or answer.finish_reason == "length"
    if not was_cut or not 0 < len(answer.text) <= CONTINUED_MAX_CHARS:
        raise Conflict(
            "There is nothing to go on with: the answer is whole, empty, or as long as it may be.",
            code="continue_not_possible",
        )
    return answer


def _refuse_another_place(known: Message, conversation: Conversation | None, request: PromptRequest) -> None:
    """Raises: Conflict when a request names a known prompt, but places it elsewhere."""
    elsewhere = request.conversation is not None and (conversation is None or conversation.pk != known.conversation_id)
    if elsewhere or request.parent_id not in (None, known.parent_id):
        raise Conflict("The id of this message was given to another one before.", code="message_id_reused")


def _parent_id(conversation: Conversation | None, request: PromptRequest) -> UUID | None:
    if conversation is None or request.parent_id is None:
        return conversation.active_leaf_id if conversation else None
    role = conversation.messages.filter(pk=request.parent_id).values_list("role", flat=True).first()
    if role is None:
        raise _message_not_found()
    if role != Role.ASSISTANT:
        raise InvalidInput("A prompt follows an answer; parent_id names a question.", code="parent_is_no_answer")
    return request.parent_id


def _message_not_found() -> NotFound:
    return NotFound("This message does not exist in this conversation.", code="message_not_found")


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
