"""Conversations in courses, and what stays when one is deleted."""

import pytest

from apps.chat.models import Conversation
from apps.chat.schemas import ConversationPatch
from apps.chat.selectors import conversation_list
from apps.chat.services.conversation import conversation_delete, conversation_update
from apps.chat.services.starting import Started
from apps.chat.tests.asking import ask, asked_next
from apps.core.errors import NotFound
from apps.courses.models import Course
from apps.documents.models import Document, DocumentPage, DocumentPassage
from apps.documents.tests.library import Person, a_person, stored

pytestmark = pytest.mark.django_db(transaction=True)


def patched(person: Person, started: Started, **fields: object) -> Conversation:
    patch = ConversationPatch.model_validate(fields)
    return conversation_update(caller=person.caller, conversation_id=str(started.conversation_id), patch=patch)


def test_a_conversation_goes_into_a_course_and_out_of_it(person: Person) -> None:
    course = Course.objects.create(user=person.user, name="Optics")
    started = ask(person, "What is light?")
    assert patched(person, started, course_id=str(course.pk)).course == course
    assert Conversation.objects.get().course == course
    assert patched(person, started, pinned=True).course == course  # what is not named stays
    assert patched(person, started, course_id=None).course is None
    assert Conversation.objects.get().course is None


def test_another_s_course_takes_no_conversation(person: Person) -> None:
    theirs = Course.objects.create(user=a_person().user, name="Optics")
    started = ask(person, "What is light?")
    with pytest.raises(NotFound):
        patched(person, started, course_id=str(theirs.pk))
    with pytest.raises(NotFound):
        ask(person, "And what is sound?", course_id=theirs.pk)
    assert Conversation.objects.get().course is None


def test_a_list_of_a_course_has_its_conversations_alone(person: Person) -> None:
    course = Course.objects.create(user=person.user, name="Optics")
    inside = [ask(person, f"{n}?", course_id=course.pk).conversation_id for n in range(3)]
    outside = ask(person, "Else?").conversation_id
    found, _ = conversation_list(caller=person.caller, cursor="", limit=10, course_id=course.pk)
    assert [each.pk for each in found] == inside[::-1]
    first, cursor = conversation_list(caller=person.caller, cursor="", limit=2, course_id=course.pk)
    rest, end = conversation_list(caller=person.caller, cursor=cursor or "", limit=2, course_id=course.pk)
    assert ([each.pk for each in (*first, *rest)], end) == (inside[::-1], None)
    assert outside in [each.pk for each in conversation_list(caller=person.caller, cursor="", limit=10)[0]]


def test_a_later_prompt_stays_in_the_course_of_its_conversation(person: Person) -> None:
    course = Course.objects.create(user=person.user, name="Optics")
    started = ask(person, "What is light?", course_id=course.pk)
    asked_next(person, started, "And sound?")
    assert Conversation.objects.get().course == course


def test_the_files_of_a_deleted_conversation_stay_in_the_library(person: Person) -> None:
    document = stored(person.user, ["Light is a wave."])
    started = ask(person, "What is light?", document)
    conversation_delete(caller=person.caller, conversation_id=str(started.conversation_id))
    assert not Conversation.objects.exists()
    assert Document.objects.get() == document
    assert (DocumentPage.objects.count(), DocumentPassage.objects.count()) == (1, 1)
    # And can be asked about elsewhere.
    assert ask(person, "What is light?", document).documents == (document,)
