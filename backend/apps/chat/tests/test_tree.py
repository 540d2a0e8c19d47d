"""Walks over the message tree, against the same walks written plainly, over trees of any shape."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.chat import tree
from apps.chat.models import Conversation, Message
from apps.chat.replies import conversation_detail
from apps.core.access import Caller
from apps.documents.models import Document


def plant(user: User, parents: list[int | None]) -> list[Message]:
    """A message per entry, whose parent is the message of that number; roles as the depth has it."""
    conversation = Conversation.objects.create(user=user, title="t", updated_at="2026-01-01T00:00:00Z")
    planted: list[Message] = []
    for parent in parents:
        above = None if parent is None else planted[parent]
        role = "assistant" if above and above.role == "user" else "user"
        planted.append(Message.objects.create(conversation=conversation, user=user, parent=above, role=role))
    return planted


def a_document(user: User, name: str) -> Document:
    counts = {"size_bytes": 1, "page_count": 1, "character_count": 1}
    return Document.objects.create(
        user=user, filename=name, sha256=name, media_type="text/plain", kind="text", **counts
    )


@st.composite
def shapes(draw: st.DrawFn) -> list[int | None]:
    """Of a tree: for each message the number of an earlier one, or None for a root."""
    size = draw(st.integers(1, 12))
    return [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size)]


@pytest.mark.django_db
class TestTree(TestCase):
    @given(shape=shapes(), limit=st.integers(1, 6), data=st.data())
    @settings(max_examples=60)
    def test_walks(self, shape: list[int | None], limit: int, data: st.DataObject) -> None:
        user = User.objects.create(username="student")
        planted = plant(user, shape)
        plant(user, [None, 0])  # of another conversation, whose roots are nobody's siblings here
        number = data.draw(st.integers(0, len(shape) - 1))
        path: list[int] = []
        at: int | None = number
        while at is not None:
            path.insert(0, at)
            at = shape[at]
        found = tree.branch(leaf_id=planted[number].pk, limit=limit)
        assert [message.pk for message in found] == [planted[each].pk for each in path[-limit:]]
        below = [each for each in range(len(shape)) if number in self._path(shape, each)]
        leaves = [each for each in below if each not in shape]
        assert tree.newest_leaf(planted[number]).pk == planted[max(leaves)].pk
        expected = {
            message.pk: [
                other.pk for other in planted if (other.parent_id, other.role) == (message.parent_id, message.role)
            ]
            for message in planted
        }
        assert tree.siblings(planted) == expected

    def _path(self, shape: list[int | None], number: int) -> list[int]:
        above = shape[number]
        return [number, *([] if above is None else self._path(shape, above))]


def test_nothing_has_no_siblings_and_no_branch() -> None:
    assert tree.siblings([]) == {}
    assert tree.branch(leaf_id=None, limit=5) == []


@pytest.mark.django_db
def test_the_documents_of_a_branch_are_those_of_its_prompts_in_their_order(django_user_model: type[User]) -> None:
    user = django_user_model.objects.create(username="student")
    planted = plant(user, [None, 0, 1, 1, 3, 4])
    first, second, elsewhere, deleted = (a_document(user, name) for name in ("first", "second", "elsewhere", "deleted"))
    for number, documents in ((0, [first, deleted]), (2, [elsewhere]), (3, [second, first])):
        parts = [{"type": "file", "document_id": str(each.pk)} for each in documents]
        Message.objects.filter(pk=planted[number].pk).update(parts=parts)
    deleted.delete()
    assert tree.branch_documents(planted[5]) == [first, second]
    assert tree.branch_documents(planted[2]) == [first, elsewhere]


@pytest.mark.django_db
@pytest.mark.parametrize("turns", [1, 40])
def test_a_page_costs_the_same_few_queries_whatever_stands_on_it(
    caller: Caller, turns: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = user_of(caller=caller)
    assert user
    shape: list[Any] = [None, 0, 0]  # two answers to each question
    for _ in range(turns):
        shape += [len(shape) - 1, len(shape), len(shape)]
    planted = plant(user, shape)
    Conversation.objects.update(active_leaf=planted[-1])
    with django_assert_num_queries(7):  # session, user, conversation, branch, siblings, feedback, documents
        page = conversation_detail(
            caller=caller, conversation_id=str(planted[0].conversation_id), before=None, limit=200
        )
    assert len(page.messages) == 2 + 2 * turns
    assert [len(message.siblings.ids) for message in page.messages[1::2]] == [2] * (turns + 1)
    assert all(message.siblings.ids[message.siblings.index] == message.id for message in page.messages)
    ids: set[UUID] = {message.id for message in page.messages}
    assert planted[1].pk not in ids
