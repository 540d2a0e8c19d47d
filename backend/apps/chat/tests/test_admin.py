"""What an operator finds, and what is shown of it: no words of a user but to whom that was allowed by name."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.accounts.models import User
from apps.chat.models import Conversation, Feedback, Generation, Message, State
from apps.chat.tests.test_tree import a_document
from apps.documents.models import Document

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION, ANSWER, TITLE, FILE = "what-i-asked", "what-it-said", "what-it-is-about", "what-i-sent.txt"
COMMENT = "what-i-told-the-operator"


@pytest.fixture
def operator(client: Client) -> User:
    user = User.objects.create_superuser(username="root", email="root@example.org")
    client.force_login(user)
    return user


@pytest.fixture
def feedback() -> Feedback:
    ada = User.objects.create(username="ada", email="ada@example.org")
    conversation = Conversation.objects.create(user=ada, title=TITLE, updated_at="2026-01-01T00:00Z")
    document = a_document(ada, FILE)
    Document.objects.update(sha256="0" * 64)  # else the file's name
    conversation.documents.add(document)
    asked = Message.objects.create(conversation=conversation, user=ada, role="user", text=QUESTION)
    answer = Message.objects.create(conversation=conversation, user=ada, parent=asked, role="assistant", text=ANSWER)
    Generation.objects.create(
        conversation=conversation, user_message=asked, answer_id=answer.pk, state=State.FAILED, request_id="lecture-7"
    )
    return Feedback.objects.create(
        user=ada, target_kind="message", target_id=answer.pk, message=answer, rating="down", comment=COMMENT
    )


def pages(feedback: Feedback) -> list[str]:
    """All that the admin shows of a user's words and files: lists and details."""
    generation = Generation.objects.get()
    document = feedback.user.documents.get()
    return [
        "/admin/chat/generation/?q=lecture-7",
        f"/admin/chat/generation/{generation.pk}/change/",
        "/admin/chat/feedback/",
        f"/admin/chat/feedback/{feedback.pk}/change/",
        "/admin/documents/document/",
        f"/admin/documents/document/{document.pk}/change/",
    ]


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_no_words_are_shown_even_to_a_superuser(client: Client, operator: User, feedback: Feedback) -> None:
    for path in pages(feedback):
        page = shown(client, path)
        assert not [word for word in (QUESTION, ANSWER, TITLE, FILE) if word in page], path
        assert "ada" in page


@pytest.mark.parametrize("by_group", [False, True], ids=["user", "group"])
def test_who_was_allowed_by_name_reads_question_and_answer(
    client: Client, operator: User, feedback: Feedback, by_group: bool
) -> None:
    permission = Permission.objects.get(codename="view_message_text")
    if by_group:
        group = Group.objects.create(name="support")
        group.permissions.add(permission)
        operator.groups.add(group)
    else:
        operator.user_permissions.add(permission)
    for path in (pages(feedback)[1], pages(feedback)[3]):
        page = shown(client, path)
        assert QUESTION in page
        assert ANSWER in page
    for path in (pages(feedback)[0], pages(feedback)[2]):
        assert QUESTION not in shown(client, path)


def test_an_answer_is_found_by_its_request_id(client: Client, operator: User, feedback: Feedback) -> None:
    pk = str(Generation.objects.get().pk)
    for asked in ("lecture-7", pk, "ada@example.org"):
        assert pk in shown(client, f"/admin/chat/generation/?q={asked}")
    assert pk not in shown(client, "/admin/chat/generation/?q=lecture")


def test_feedback_tells_its_comment_and_is_not_changed_by_hand(
    client: Client, operator: User, feedback: Feedback
) -> None:
    page = shown(client, f"/admin/chat/feedback/{feedback.pk}/change/")
    assert COMMENT in page
    assert 'name="_save"' not in page
    for path in ("/admin/chat/feedback/add/", "/admin/chat/generation/add/", "/admin/documents/document/add/"):
        assert client.get(path).status_code == 403
