"""Prompts on documents, committed as requests do."""

from typing import Any

from apps.chat.models import Conversation, Generation, Message, State
from apps.chat.prompts import BuiltPrompt
from apps.chat.schemas import ChatRequest
from apps.chat.services.starting import Started, generation_start
from apps.documents.models import Document
from apps.documents.tests.library import Person

OWNER = "host/machine/1/token"


def ask(person: Person, message: str, *documents: Document, **fields: Any) -> Started:
    """Any: of a ChatRequest."""
    body = ChatRequest(message=message, document_ids=[document.pk for document in documents], **fields)
    return generation_start(caller=person.caller, body=body, owner=OWNER)


def end(started: Started, text: str = "Yes.") -> Message:
    """As if a run had ended; how it really does is tested where runs are."""
    Generation.objects.filter(pk=started.generation_id).update(state=State.COMPLETE)
    prompt = Message.objects.get(pk=started.user_message_id)
    answer = Message.objects.create(
        id=started.answer_id,
        conversation=prompt.conversation,
        user=prompt.user,
        parent=prompt,
        role="assistant",
        text=text,
    )
    Conversation.objects.filter(pk=prompt.conversation_id).update(active_leaf=answer)
    return answer


def asked_next(person: Person, started: Started, message: str, *documents: Document) -> Started:
    """A prompt after the answer to an earlier one, as if that had ended."""
    end(started)
    return ask(person, message, *documents, conversation_id=started.conversation_id)


def codes(built: BuiltPrompt) -> list[str]:
    """Of what the student is told."""
    return [notice.code for notice in built.notices]
