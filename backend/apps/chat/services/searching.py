"""Looking through a user's conversations: titles and messages of all branches. A unit of work."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models.functions import Left

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.chat.models import Conversation, Message, SearchEntry
from apps.chat.search_terms import (
    INDEXED_MAX_CHARS,
    TEXT,
    TITLE,
    Mark,
    Wanted,
    key_of,
    marks_of,
    snippet_of,
    wanted_of,
)
from apps.chat.selectors import conversations_of
from apps.core.access import Caller

FOUND_MAX = 500  # the newest entries of each kind, among which conversations are ranked
HITS_MAX = 3  # messages shown of a conversation

SQLITE = """
    SELECT entry.id, entry.conversation_id, entry.message_id FROM chat_search_index
    CROSS JOIN chat_searchentry AS entry ON entry.id = chat_search_index.rowid
    CROSS JOIN chat_conversation AS conversation ON conversation.id = entry.conversation_id
    WHERE chat_search_index MATCH %s AND conversation.deleted_at IS NULL
    ORDER BY chat_search_index.rowid DESC LIMIT %s
"""
# The index first, whatever the planner makes of a limit: else it might walk everybody's entries from the newest on.
POSTGRES = """
    WITH found AS MATERIALIZED (
        SELECT id, conversation_id, message_id FROM chat_searchentry WHERE search @@ %s::tsquery
    )
    SELECT found.* FROM found JOIN chat_conversation AS conversation ON conversation.id = found.conversation_id
    WHERE conversation.deleted_at IS NULL ORDER BY found.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class FoundMessage:
    """`snippet` is a line around the words that were looked for, `marks` their bounds in it, in characters."""

    message_id: UUID
    role: str
    snippet: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class FoundConversation:
    """One that carries `running`; `title_marks` are bounds in its title, `hits` its newest messages that were found."""

    conversation: Conversation
    title_marks: Sequence[Mark]
    hits: Sequence[FoundMessage]


def conversations_search(*, caller: Caller, q: str, limit: int) -> list[FoundConversation]:
    """The caller's conversations that have the words of `q`, in their title or in one message, best first.

    Those found by their title come first, then those with more messages that were found, then the newer ones.
    """
    user, wanted = user_of(caller=caller), wanted_of(q)
    if user is None or wanted is None:
        return []
    titled = dict.fromkeys(entry.conversation_id for entry in _found(user, wanted, kind=TITLE))
    said: dict[UUID, list[UUID]] = defaultdict(list)
    for entry in _found(user, wanted, kind=TEXT):
        if entry.message_id:
            said[entry.conversation_id].append(entry.message_id)
    # The order of both is the newest first, and sorting keeps it.
    order = sorted(dict.fromkeys([*said, *titled]), key=lambda pk: (pk not in titled, -len(said.get(pk, ()))))
    found = conversations_of(user).in_bulk(order[:limit])
    shown = [found[pk] for pk in order[:limit] if pk in found]
    hits = _hits([pk for each in shown for pk in said[each.pk][:HITS_MAX]], wanted=wanted)
    return [
        FoundConversation(
            conversation=each,
            title_marks=marks_of(each.title, wanted),
            hits=[hits[pk] for pk in said[each.pk][:HITS_MAX] if pk in hits],
        )
        for each in shown
    ]


def _hits(ids: Sequence[UUID], *, wanted: Wanted) -> dict[UUID, FoundMessage]:
    """Of messages of the caller's conversations."""
    rows = Message.objects.filter(pk__in=ids).values_list("pk", "role", Left("text", INDEXED_MAX_CHARS))
    return {pk: FoundMessage(pk, role, *snippet_of(text, wanted)) for pk, role, text in rows}


def _found(user: User, wanted: Wanted, *, kind: str) -> Sequence[SearchEntry]:
    is_postgres = connection.vendor == "postgresql"
    query = (_postgres_query if is_postgres else _sqlite_query)(wanted, key=key_of(user.pk, kind=kind))
    return list(SearchEntry.objects.raw(POSTGRES if is_postgres else SQLITE, [query, FOUND_MAX]))


def _sqlite_query(wanted: Wanted, *, key: str) -> str:
    begun = f' OR "{key}{wanted.begun}" *' if wanted.begun else ""
    return " AND ".join([*(f'"{key}{term}"' for term in wanted.terms), f'("{key}{wanted.last}"{begun})'])


def _postgres_query(wanted: Wanted, *, key: str) -> str:
    begun = f" | '{key}{wanted.begun}':*" if wanted.begun else ""
    return " & ".join([*(f"'{key}{term}'" for term in wanted.terms), f"('{key}{wanted.last}'{begun})"])
