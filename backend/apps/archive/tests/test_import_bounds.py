"""What an import may cost, known before anything is stored; and that an id of one kind names nothing of another."""

import copy
import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.services import importing
from apps.archive.tests.building import Guest, a_conversation, a_document, packed, restored
from apps.archive.zip_reading import Marks
from apps.chat.archive_records import PARTS_MAX
from apps.chat.models import Conversation, Message
from apps.chat.services.conversation import conversation_delete
from apps.core.errors import InvalidInput
from apps.documents.archive import NOTES_MAX
from apps.documents.models import Document

Files = dict[str, Any]  # Any: JSON by path
SCALARS = st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('a",[]{}\\\n:'), max_size=8)
JSON = st.recursive(SCALARS, lambda each: st.lists(each) | st.dictionaries(st.text('",\\', max_size=3), each))
database = pytest.mark.django_db(transaction=True)


def of(files: Files, folder: str) -> Any:
    return next(record for path, record in files.items() if path.startswith(folder))


def refusal(guest: Guest, archive: bytes) -> InvalidInput:
    """Which must come before anything is written."""
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        pytest.raises(InvalidInput) as refused,
    ):
        restored(guest, archive)
    assert not [each["sql"] for each in queries if not each["sql"].startswith("SELECT")]
    return refused.value


@database
@pytest.mark.parametrize("kind", ["conversation", "message"])
def test_what_is_no_document_of_the_archive_names_none(guest: Guest, other: Guest, files: Files, kind: str) -> None:
    theirs = a_document(other.user, "secret.txt", "Theirs.")
    first, second = uuid4(), uuid4()
    taken = of(files, "conversations/")
    if kind == "message":  # of a conversation that is read before
        taken["messages"][0]["id"] = taken["messages"][1]["parent_id"] = str(theirs.pk)
    later = copy.deepcopy({**taken, "messages": [], "active_message_id": None})
    later["id"] = str(theirs.pk if kind == "conversation" else second)
    later["document_ids"] = [str(theirs.pk)]
    named = {path: record for path, record in files.items() if not path.startswith("conversations/")}
    named |= {f"conversations/{first}.json": taken, f"conversations/{second}.json": later}
    with pytest.raises(InvalidInput, match="does not have the document"):
        restored(guest, packed(named))
    assert not Conversation.objects.exists()
    assert Document.objects.get() == theirs


@database
def test_a_conversation_that_is_deleted_takes_no_document_with_it(guest: Guest, other: Guest) -> None:
    theirs = a_document(other.user, "secret.txt", "Theirs.")
    mine = a_document(guest.user, "mine.txt", "Mine.")
    conversation = a_conversation(guest.user, documents=[theirs, mine])[0].conversation_id
    conversation_delete(caller=guest.caller, conversation_id=str(conversation))
    assert set(Document.objects.all()) == {theirs, mine}


@database
def test_rows_are_counted_before_any_is_stored(guest: Guest, files: Files, settings: LazySettings) -> None:
    settings.ARCHIVE_MAX_RECORDS = 7  # one more: the conversation's tie to its document
    assert refusal(guest, packed(files)).code == "archive_too_large"


@database
def test_the_last_entry_is_read_before_the_first_is_stored(guest: Guest, files: Files) -> None:
    files[f"conversations/{uuid4()}.json"] = {"id": "x"}
    assert refusal(guest, packed(files)).code == "archive_invalid"


@database
def test_what_is_there_already_counts_too(guest: Guest, files: Files, settings: LazySettings) -> None:
    restored(guest, packed(files))
    settings.ARCHIVE_MAX_RECORDS = 7
    assert refusal(guest, packed(files)).code == "archive_too_large"


@database
@pytest.mark.parametrize("held", [0, 600, 2**20])
def test_what_is_not_kept_in_memory_is_read_again(
    guest: Guest, files: Files, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(importing, "HELD_MAX_BYTES", held)
    made = restored(guest, packed(files)).counts
    assert made == {"documents": 1, "pages": 1, "conversations": 1, "messages": 4}
    assert Message.objects.count() == 4


@database
def test_lists_have_an_end(guest: Guest, files: Files) -> None:
    thought = {"type": "reasoning", "text": ""}
    of(files, "conversations/")["messages"][1]["parts"] = [thought] * PARTS_MAX
    of(files, "documents/")["notes"] = ["A note."] * NOTES_MAX
    for change in ("messages", "document_ids", "notes", "pages", "parts"):
        hostile = copy.deepcopy(files)
        for record in (of(hostile, "conversations/"), of(hostile, "documents/"), *_messages(hostile)):
            if record.get(change):
                record[change] = record[change][:1] * (max(PARTS_MAX, configured.ARCHIVE_MAX_RECORDS) + 1)
        assert refusal(guest, packed(hostile)).code == "archive_too_large", change
    restored(guest, packed(files))


def _messages(files: Files) -> Any:
    return of(files, "conversations/")["messages"]


@database
@pytest.mark.parametrize("piece", [b"[]", b"{}", b"0", b'""'])
def test_small_values_without_end_are_not_parsed(guest: Guest, files: Files, piece: bytes) -> None:
    """A parser makes up to a hundred bytes of each."""
    files[f"conversations/{uuid4()}.json"] = b'{"messages":[' + (piece + b",") * 2**21 + b"0]}"
    assert refusal(guest, packed(files)).code == "archive_too_large"


@database
def test_values_are_counted_over_all_entries(guest: Guest, files: Files, settings: LazySettings) -> None:
    settings.ARCHIVE_MAX_RECORDS = 10
    _messages(files)[1]["parts"] = [{"type": "reasoning", "text": ""}] * 100  # 300 of 640
    restored(guest, packed(files))
    again = copy.deepcopy(of(files, "conversations/"))
    again["messages"], again["active_message_id"] = again["messages"][:2], None
    again["messages"][1]["parts"] *= 2
    del files[next(path for path in files if path.startswith("documents/"))]
    again["document_ids"] = of(files, "conversations/")["document_ids"] = []
    assert refusal(guest, packed({**files, f"conversations/{uuid4()}.json": again})).code == "archive_too_large"


@database
def test_errors_without_end_are_not_told_one_by_one(guest: Guest, files: Files) -> None:
    path = next(path for path in files if path.startswith("conversations/"))
    files[path] = {**files[path], **{f"x{number}": 0 for number in range(100_000)}}
    refused = refusal(guest, packed(files))
    assert refused.code == "archive_invalid"
    assert len(refused.message) < 300


@given(value=JSON, size=st.integers(1, 9))
def test_marks_are_those_outside_of_strings_however_it_is_cut(value: Any, size: int) -> None:
    marks, data = Marks(), json.dumps(value).encode()
    for start in range(0, len(data), size):
        marks.add(data[start : start + size])
    assert marks.count == _marks(value)


def _marks(value: Any) -> int:
    if not isinstance(value, list | dict):
        return 0
    each = list(value.values()) if isinstance(value, dict) else value
    return 1 + max(0, len(each) - 1) + sum(map(_marks, each))


def test_the_largest_document_fits_into_an_entry() -> None:
    """Six bytes are the most that JSON takes for a character; a page has a kilobyte of its own."""
    largest = configured.DOCUMENT_MAX_CHARACTERS * 6 + configured.DOCUMENT_MAX_PAGES * 1024
    assert largest <= configured.ARCHIVE_ENTRY_MAX_BYTES
