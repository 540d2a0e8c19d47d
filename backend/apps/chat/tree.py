"""The messages of a conversation as a tree: branches, versions, and where a branch ends. Reads, one query each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from apps.chat.models import Message
from apps.documents.models import Document

BRANCH_MAX = 10_000  # messages; a bound for a walk, far above what a person writes

# From a message up to the root, at most so many.
UPWARDS = """
    WITH RECURSIVE branch(id, parent_id, depth) AS (
        SELECT id, parent_id, 0 FROM chat_message WHERE id = %s
        UNION ALL
        SELECT message.id, message.parent_id, branch.depth + 1
        FROM chat_message AS message JOIN branch ON message.id = branch.parent_id WHERE branch.depth < %s
    )
"""
BRANCH = f"""
    {UPWARDS}
    SELECT message.*, branch.depth FROM chat_message AS message JOIN branch ON message.id = branch.id
    ORDER BY branch.depth DESC
"""  # noqa: S608  constants alone
BRANCH_WITH_PARTS = f"""
    {UPWARDS}
    SELECT message.id, message.parts FROM chat_message AS message JOIN branch ON message.id = branch.id
    WHERE message.role = 'user' AND CAST(message.parts AS TEXT) <> '[]' ORDER BY branch.depth DESC
"""  # noqa: S608  constants alone
BRANCH_IDS = f"{UPWARDS} SELECT branch.id FROM branch ORDER BY branch.depth DESC"  # noqa: S608  constants alone
NEWEST_LEAF = """
    WITH RECURSIVE below(id, created_at) AS (
        SELECT id, created_at FROM chat_message WHERE id = %s
        UNION ALL
        SELECT message.id, message.created_at FROM chat_message AS message JOIN below ON message.parent_id = below.id
    )
    SELECT below.id FROM below
    WHERE NOT EXISTS (SELECT 1 FROM chat_message AS child WHERE child.parent_id = below.id)
    ORDER BY below.created_at DESC, below.id DESC LIMIT 1
"""


def branch(*, leaf_id: UUID | None, limit: int) -> list[Message]:
    """The messages from `leaf_id` up towards the root, at most `limit`, oldest first."""
    return list(Message.objects.raw(BRANCH, [_key(leaf_id), limit - 1])) if leaf_id else []


def branch_ids(*, leaf_id: UUID | None) -> list[UUID]:
    """The same messages, as many as there are, by their ids alone."""
    if leaf_id is None:
        return []
    with connection.cursor() as cursor:  # not as models, of which there may be thousands
        cursor.execute(BRANCH_IDS, [_key(leaf_id), BRANCH_MAX - 1])
        return [Message._meta.pk.to_python(pk) for (pk,) in cursor.fetchall()]


def branch_documents(prompt: Message) -> list[Document]:
    """The documents that came with a prompt and with those before it on its branch, in that order; two queries."""
    prompts = Message.objects.raw(BRANCH_WITH_PARTS, [_key(prompt.pk), BRANCH_MAX - 1])
    return documents_of(prompts, user_id=prompt.user_id)


def documents_of(prompts: Iterable[Message], *, user_id: UUID) -> list[Document]:
    """The documents that came with these prompts, as far as they still exist, each once; one query."""
    ids = {UUID(part["document_id"]): None for prompt in prompts for part in prompt.parts if part["type"] == "file"}
    found = Document.objects.filter(user_id=user_id).in_bulk(list(ids)) if ids else {}
    return [found[pk] for pk in ids if pk in found]


def newest_leaf(message: Message) -> Message:
    """The newest message under `message` that nothing follows; itself when nothing follows it. Only its id is read."""
    return Message.objects.raw(NEWEST_LEAF, [_key(message.pk)])[0]


def siblings(messages: Sequence[Message]) -> dict[UUID, list[UUID]]:
    """For each message of one conversation the ids of its versions, itself among them, in order of making.

    Versions have the same parent and role: the edits of a question, or the answers to it.
    """
    if not messages:
        return {}
    parents = {message.parent_id for message in messages}
    beside = Q(parent__in=parents - {None})
    if None in parents:
        beside |= Q(parent=None, conversation=messages[0].conversation_id)
    versions: dict[tuple[UUID | None, str], list[UUID]] = defaultdict(list)
    rows = Message.objects.filter(beside).order_by("created_at", "id")
    for pk, parent_id, role in rows.values_list("id", "parent_id", "role"):
        versions[parent_id, role].append(pk)
    return {message.pk: versions[message.parent_id, message.role] for message in messages}


def _key(pk: UUID) -> Any:  # Any: what the database takes for it
    # SQLite keeps a UUID as 32 hex digits; the field knows each database's form.
    return Message._meta.pk.get_db_prep_value(pk, connection, prepared=False)
