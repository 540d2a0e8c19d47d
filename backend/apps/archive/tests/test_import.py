"""What an import does beside what is there, and all that it refuses, whole."""

import copy
import io
import json
import struct
from collections.abc import Callable
from typing import Any
from uuid import uuid4
from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from django.conf import LazySettings

from apps.accounts.models import User
from apps.archive.tests.building import (
    Guest,
    a_conversation,
    a_course,
    a_document,
    packed,
    restored,
)
from apps.chat.models import Conversation, Message
from apps.core.access import Caller
from apps.core.errors import InvalidInput
from apps.documents.models import Document

pytestmark = pytest.mark.django_db(transaction=True)
Files = dict[str, Any]  # Any: JSON by path
Change = Callable[[Files], Any]


def refusal(guest: Guest, archive: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        restored(guest, archive)
    assert refused.value.status == 422
    assert [model.objects.count() for model in (Conversation, Message, Document)] == [0, 0, 0]
    return refused.value


def of(files: Files, folder: str) -> Any:
    return next(record for path, record in files.items() if path.startswith(folder))


def test_the_files_are_good_as_they_are(guest: Guest, files: Files) -> None:
    made = restored(guest, packed(files)).counts
    assert made == {"documents": 1, "pages": 1, "conversations": 1, "messages": 4}


def test_a_conversation_of_before_there_were_courses_is_taken(guest: Guest, files: Files) -> None:
    del of(files, "conversations/")["course_id"]
    restored(guest, packed(files))
    assert Conversation.objects.get().course is None


def test_a_course_that_the_archive_lacks_is_none(guest: Guest, other: Guest, files: Files) -> None:
    of(files, "conversations/")["course_id"] = str(a_course(other.user).pk)
    restored(guest, packed(files))
    assert Conversation.objects.get().course is None


def test_what_is_there_stays_as_it_is(guest: Guest, files: Files) -> None:
    restored(guest, packed(files))
    Conversation.objects.update(title="Renamed")
    Message.objects.filter(parent=None).update(text="Changed")
    restored(guest, packed(files))
    assert Conversation.objects.get().title == "Renamed"
    assert Message.objects.filter(text="Changed").count() == 1


def test_the_same_content_is_the_document_that_is_there(guest: Guest, files: Files) -> None:
    mine = a_document(guest.user, "cell.txt", "The nucleus.")
    restored(guest, packed(files))
    assert Document.objects.get() == mine
    assert Conversation.objects.get().documents.get() == mine


def test_names_that_the_user_gave_to_something_else_are_dropped(guest: Guest, files: Files) -> None:
    first = of(files, "conversations/")["messages"][0]
    of(files, "conversations/")["client_id"] = "chat"
    mine = a_conversation(
        guest.user, messages={0: {"client_message_id": first["client_message_id"]}}, client_id="chat"
    )[0]
    restored(guest, packed(files))
    assert Conversation.objects.get(client_id="chat").pk == mine.conversation_id
    assert Message.objects.get(client_message_id=first["client_message_id"]) == mine
    assert Message.objects.count() == 6


def test_a_stranger_becomes_a_guest_with_what_it_brings(files: Files) -> None:
    stranger = Guest(User(), Caller(session_key=None, request_id="r"))
    made = restored(stranger, packed(files))
    assert made.session_key
    assert Conversation.objects.get().user.is_guest


def test_feedback_and_times_are_kept(guest: Guest, files: Files) -> None:
    restored(guest, packed(files))
    sent = [message["created_at"] for message in of(files, "conversations/")["messages"]]
    kept = Message.objects.order_by("created_at").values_list("created_at", flat=True)
    assert [time.isoformat() for time in kept] == sent


def _messages(files: Files) -> Any:
    return of(files, "conversations/")["messages"]


def _entry_of_nobody(files: Files) -> None:
    files["decks/00000000-0000-4000-8000-000000000000.json"] = {}


def _two_of_one_id(files: Files) -> None:
    _messages(files)[1]["id"] = _messages(files)[0]["id"]


def _circle(files: Files) -> None:
    _messages(files)[0]["parent_id"] = _messages(files)[3]["id"]


def _answer_after_answer(files: Files) -> None:
    _messages(files)[2]["role"] = "assistant"


def _same_name_twice(files: Files) -> None:
    _messages(files)[2]["client_message_id"] = _messages(files)[0]["client_message_id"]


def _deep(files: Files) -> None:
    path = next(path for path in files if path.startswith("conversations/"))
    files[path] = b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def _surrogate(files: Files) -> None:
    path = next(path for path in files if path.startswith("conversations/"))
    files[path] = json.dumps(files[path]).replace("text 0", "\\ud800").encode()


def _set(folder: str, member: str, value: Any) -> Change:
    return lambda files: of(files, folder).update({member: value})


def _in_message(member: str, value: Any) -> Change:
    return lambda files: _messages(files)[1].update({member: value})


HOSTILE: dict[str, Change] = {
    "no manifest": lambda files: files.pop("manifest.json"),
    "manifest of something else": lambda files: files["manifest.json"].update(format="zip"),
    "broken manifest": lambda files: files.update({"manifest.json": b"{"}),
    "path upwards": lambda files: files.update({"../../etc/passwd": b"x"}),
    "absolute path": lambda files: files.update({"/etc/passwd": b"x"}),
    "path in a folder": lambda files: files.update({"conversations/../../x.json": b"{}"}),
    "another kind of thing": _entry_of_nobody,
    "no uuid": lambda files: files.update({f"conversations/{'-' * 36}.json": b"{}"}),
    "empty entry": lambda files: files.update({f"conversations/{uuid4()}.json": b""}),
    "a list": lambda files: files.update({f"conversations/{uuid4()}.json": b"[]"}),
    "deep JSON": _deep,
    "half a character": _surrogate,
    "NUL": _set("conversations/", "title", "a\x00b"),
    "unknown member": _set("conversations/", "user_id", str(uuid4())),
    "title too long": _set("conversations/", "title", "x" * 201),
    "a document that is not there": _set("conversations/", "document_ids", [str(uuid4())]),
    "a leaf of nowhere": _set("conversations/", "active_message_id", str(uuid4())),
    "a time without a zone": _set("conversations/", "created_at", "2026-01-01T00:00:00"),
    "a time before all": _set("conversations/", "created_at", "0001-01-01T00:00:00+14:00"),
    "a parent of nowhere": _in_message("parent_id", str(uuid4())),
    "two messages of one id": _two_of_one_id,
    "a circle": _circle,
    "an answer to an answer": _answer_after_answer,
    "one name for two prompts": _same_name_twice,
    "an answer that still runs": _in_message("state", "running"),
    "a number beyond the column": _in_message("input_tokens", 2**63),
    "a part of no kind": _in_message("parts", [{"type": "script", "text": "x"}]),
    "NUL in a part": _in_message("parts", [{"type": "reasoning", "text": "a\x00b"}]),
    "two pages of one number": lambda files: of(files, "documents/").update(pages=of(files, "documents/")["pages"] * 2),
    "a hash that is none": _set("documents/", "sha256", "x"),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_wrong_is_refused_and_nothing_is_stored(guest: Guest, files: Files, change: Change) -> None:
    hostile = copy.deepcopy(files)
    change(hostile)
    refused = refusal(guest, packed(hostile))
    assert refused.code == "archive_invalid"
    assert len(refused.message) < 300


def test_a_refusal_names_the_place_and_not_the_words(guest: Guest, files: Files) -> None:
    _messages(files)[1]["state"] = "my diary"
    told = refusal(guest, packed(files)).message
    assert "messages.1.state" in told
    assert "diary" not in told


@pytest.mark.parametrize("version", [0, 2])
def test_another_version_is_named(guest: Guest, files: Files, version: int) -> None:
    files["manifest.json"]["version"] = version
    assert refusal(guest, packed(files)).code == "archive_version"


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000, b"PK\x05\x06" + b"\xff" * 18], ids=len)
def test_what_is_no_zip(guest: Guest, content: bytes) -> None:
    refusal(guest, content)


@pytest.mark.parametrize("cut", [10, 0.3, 0.6, 0.95])
def test_a_download_that_broke_off_is_none(guest: Guest, files: Files, cut: float) -> None:
    archive = packed(files)
    refusal(guest, archive[: int(cut) or int(len(archive) * cut)])


def test_bytes_that_flipped_are_found(guest: Guest, files: Files) -> None:
    archive = bytearray(packed(files, compression=ZIP_STORED))
    at = archive.index(b"text 0")
    archive[at : at + 6] = b"text X"
    refusal(guest, bytes(archive))


def test_other_methods_are_not_unpacked(guest: Guest, files: Files) -> None:
    refusal(guest, packed(files, compression=ZIP_LZMA))


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("ARCHIVE_MAX_ENTRIES", 3),
        ("ARCHIVE_MAX_UNPACKED_BYTES", 1000),
        ("ARCHIVE_ENTRY_MAX_BYTES", 300),
        ("ARCHIVE_MAX_RECORDS", 5),
    ],
)
def test_each_limit_holds(guest: Guest, files: Files, settings: LazySettings, limit: str, value: int) -> None:
    setattr(settings, limit, value)
    assert refusal(guest, packed(files)).code == "archive_too_large"


def test_a_bomb_is_refused_by_what_it_declares(guest: Guest, files: Files, settings: LazySettings) -> None:
    settings.ARCHIVE_MAX_UNPACKED_BYTES = 2**20
    files[f"conversations/{uuid4()}.json"] = b" " * 2**21
    assert refusal(guest, packed(files)).code == "archive_too_large"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_further(guest: Guest, files: Files) -> None:
    name = f"conversations/{uuid4()}.json"
    files[name] = b" " * 2**21
    archive = bytearray(packed(files))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = 0
        while (at := archive.find(mark, at + 1)) > 0:
            if name.encode() in archive[at : at + 46 + len(name)]:
                struct.pack_into("<L", archive, at + offset, 100)
    refusal(guest, bytes(archive))


def test_a_directory_that_is_too_long_is_not_read(guest: Guest, settings: LazySettings) -> None:
    settings.ARCHIVE_MAX_ENTRIES = 10
    kept = io.BytesIO()
    with ZipFile(kept, "w") as archive:
        for number in range(2000):
            archive.writestr(f"{number}.json", b"")
    assert refusal(guest, kept.getvalue()).code == "archive_too_large"


def test_one_user_s_archive_is_no_way_to_another_s_rows(guest: Guest, other: Guest, files: Files) -> None:
    theirs = a_document(other.user, "secret.txt", "Theirs.")
    conversation = a_conversation(other.user)[0].conversation_id
    of(files, "conversations/")["id"] = str(conversation)
    _messages(files)[0]["parts"] = [
        {"type": "file", "document_id": str(theirs.pk), "filename": "x", "media_type": "text/plain"}
    ]
    restored(guest, packed(files))
    assert Conversation.objects.get(pk=conversation).user_id == other.user.pk
    assert theirs not in Conversation.objects.get(user=guest.user).documents.all()
    assert Message.objects.filter(user=other.user).count() == 2
