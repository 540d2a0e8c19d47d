"""Entries of the index by which conversations are searched, written with what they are of. Under one's transaction."""

from collections.abc import Collection, Iterable
from itertools import islice, starmap
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Left

from apps.accounts.models import User
from apps.chat.models import Conversation, Message, SearchEntry
from apps.chat.search_terms import INDEXED_MAX_CHARS, TEXT, TITLE, key_of, terms_of

ROWS_AT_ONCE = 500


def message_entry(message: Message) -> SearchEntry:
    """Not saved yet."""
    return _text_entry(message.pk, message.conversation_id, message.user_id, message.text)


def title_entry(conversation: Conversation) -> SearchEntry:
    """Not saved yet."""
    key = key_of(conversation.user_id, kind=TITLE)
    return SearchEntry(conversation=conversation, key=key, terms=terms_of(conversation.title))


def entries_add(entries: Iterable[SearchEntry]) -> None:
    """One statement for a few; many are made a part at a time."""
    rows = iter(entries)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        SearchEntry.objects.bulk_create(some)


def conversations_index(ids: Collection[UUID]) -> None:
    """Have all that is new in these conversations be found: titles and messages that have no entry yet."""
    names = list(ids)
    titled = SearchEntry.objects.filter(conversation=OuterRef("pk"), message=None)
    known = SearchEntry.objects.filter(message=OuterRef("pk"))
    for start in range(0, len(names), ROWS_AT_ONCE):
        some = names[start : start + ROWS_AT_ONCE]
        entries_add(map(title_entry, Conversation.objects.filter(~Exists(titled), pk__in=some)))
        messages = Message.objects.filter(~Exists(known), conversation__in=some)
        columns = messages.values_list("pk", "conversation_id", "user_id", Left("text", INDEXED_MAX_CHARS))
        entries_add(starmap(_text_entry, columns.iterator(ROWS_AT_ONCE)))


def title_reindex(conversation_id: UUID) -> None:
    """Have it be found by the title that it has now."""
    title = Conversation.objects.values_list("title", flat=True).get(pk=conversation_id)
    SearchEntry.objects.filter(conversation=conversation_id, message=None).update(terms=terms_of(title))


def entries_absorb(user: User, *, conversations: "QuerySet[Conversation]") -> None:
    """Have them be found by the user that a guest has become."""
    entries = SearchEntry.objects.filter(conversation__in=conversations)
    entries.filter(message=None).update(key=key_of(user.pk, kind=TITLE))
    entries.exclude(message=None).update(key=key_of(user.pk, kind=TEXT))


def _text_entry(message_id: UUID, conversation_id: UUID, user_id: UUID, text: str) -> SearchEntry:
    key = key_of(user_id, kind=TEXT)
    return SearchEntry(conversation_id=conversation_id, message_id=message_id, key=key, terms=terms_of(text))
