"""Entries of the index by which conversations are searched, written with what they are of. Under one's transaction."""

from collections.abc import Iterable
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.chat.models import Conversation, Message, SearchEntry
from apps.chat.search_terms import TEXT, TITLE, key_of, terms_of

ROWS_AT_ONCE = 500


def message_entry(message: Message) -> SearchEntry:
    """Not saved yet."""
    return SearchEntry(
        conversation_id=message.conversation_id,
        message=message,
        key=key_of(message.user_id, kind=TEXT),
        terms=terms_of(message.text),
    )


def title_entry(conversation: Conversation) -> SearchEntry:
    """Not saved yet."""
    key = key_of(conversation.user_id, kind=TITLE)
    return SearchEntry(conversation=conversation, key=key, terms=terms_of(conversation.title))


def entries_add(entries: Iterable[SearchEntry]) -> None:
    """One statement for a few; many are made a part at a time."""
    rows = iter(entries)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        SearchEntry.objects.bulk_create(some)


def title_reindex(conversation_id: UUID) -> None:
    """Have it be found by the title that it has now."""
    title = Conversation.objects.values_list("title", flat=True).get(pk=conversation_id)
    SearchEntry.objects.filter(conversation=conversation_id, message=None).update(terms=terms_of(title))


def entries_absorb(user: User, *, conversations: "QuerySet[Conversation]") -> None:
    """Have them be found by the user that a guest has become."""
    entries = SearchEntry.objects.filter(conversation__in=conversations)
    entries.filter(message=None).update(key=key_of(user.pk, kind=TITLE))
    entries.exclude(message=None).update(key=key_of(user.pk, kind=TEXT))
