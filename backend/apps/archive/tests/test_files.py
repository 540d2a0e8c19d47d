"""The bytes of files in an archive: they come along, are what their names say, and nothing is left of a refused one."""

import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.conf import LazySettings

from apps.accounts.models import User
from apps.archive.services.deleting import account_delete
from apps.archive.services.purging import purge_steps
from apps.archive.tests.building import (
    Guest,
    a_conversation,
    a_course,
    a_document,
    a_guest,
    exported,
    files_in,
    packed,
    records,
    restored,
)
from apps.chat.models import Conversation
from apps.core.access import Caller
from apps.core.errors import ApiError, PayloadTooLarge
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentState, RemovedFile
from apps.documents.storage import bytes_open, bytes_remove
from apps.documents.tests.library import stored_files

pytestmark = pytest.mark.django_db(transaction=True)
CELL = b"The nucleus holds the DNA."
SHA256 = hashlib.sha256(CELL).hexdigest()


@pytest.fixture(autouse=True)
def storage(settings: LazySettings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "apps.documents.storage.ContentFolder", "OPTIONS": {"location": tmp_path}},
    }


def archive_of_cell(**columns: Any) -> bytes:
    """Of somebody who is gone. Any: columns of the document."""
    owner = a_guest()
    a_document(owner.user, "cell.txt", "The nucleus holds the DNA.", content=CELL, **columns)
    archive = exported(owner.user)
    owner.user.delete()
    list(purge_steps())
    assert stored_files() == []
    return archive


def changed(archive: bytes, **files: bytes) -> bytes:
    """The same archive with other bytes under these names, by SHA-256."""
    found: dict[str, Any] = {}
    with ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            found[name] = opened.read(name)
    return packed({**found, **{f"files/{name}": content for name, content in files.items()}})


def test_bytes_come_along(guest: Guest) -> None:
    archive = archive_of_cell()
    assert files_in(archive) == {SHA256: CELL}
    assert restored(guest, archive).counts == {"documents": 1, "pages": 1, "files": 1}
    document = Document.objects.get()
    assert stored_files() == [document.stored_as]
    with bytes_open(document.stored_as) as kept:
        assert kept.read() == CELL
    assert RemovedFile.objects.count() == 0
    assert not restored(guest, archive).counts
    assert stored_files() == [document.stored_as]


def test_an_archive_without_bytes_is_an_archive_too(guest: Guest) -> None:
    archive = archive_of_cell()
    with ZipFile(io.BytesIO(archive)) as opened:
        without = packed({name: opened.read(name) for name in opened.namelist() if "files/" not in name})
    assert restored(guest, without).counts == {"documents": 1, "pages": 1}
    assert Document.objects.get().stored_as == ""
    # And what lacks its bytes gets them from an archive that has them.
    assert restored(guest, archive).counts == {"files": 1}
    assert stored_files() == [Document.objects.get().stored_as]


def test_a_stranger_gets_the_bytes_as_a_guest() -> None:
    stranger = Guest(User(), Caller(session_key=None, request_id="r"))
    made = restored(stranger, archive_of_cell())
    assert made.counts["files"] == 1
    assert made.session_key
    assert Document.objects.get().user.is_guest


def test_what_was_not_read_yet_is_read_where_it_comes_to(guest: Guest, other: Guest) -> None:
    archive = archive_of_cell(state=DocumentState.READING)
    (record,) = records(archive).values()
    assert (record["state"], record["pages"]) == ("waiting", [])
    restored(guest, archive)
    assert Document.objects.get(user=guest.user).state == DocumentState.WAITING
    with ZipFile(io.BytesIO(archive)) as opened:
        without = packed({name: opened.read(name) for name in opened.namelist() if "files/" not in name})
    restored(other, without)
    lacking = Document.objects.get(user=other.user)
    assert (lacking.state, lacking.problem and lacking.problem["code"]) == ("failed", "document_file_missing")
    restored(other, archive)
    lacking.refresh_from_db()
    assert (lacking.state, lacking.problem) == ("waiting", None)


def test_a_file_of_another_content_is_refused(guest: Guest) -> None:
    archive = archive_of_cell()
    with pytest.raises(ApiError, match="damaged") as refused:
        restored(guest, changed(archive, **{SHA256: b"Something else."}))
    assert refused.value.code == "archive_invalid"
    assert not Document.objects.exists()
    assert stored_files() == []


def test_files_that_do_not_fit_are_refused_with_all_else(guest: Guest, settings: LazySettings) -> None:
    archive = archive_of_cell()
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = len(CELL) - 1
    with pytest.raises(PayloadTooLarge) as refused:
        restored(guest, archive)
    assert refused.value.code == "storage_full"
    assert not Document.objects.exists()
    assert stored_files() == []
    assert not RemovedFile.objects.exists()


@pytest.mark.parametrize("limit", ["UPLOAD_MAX_BYTES", "DOCUMENTS_MAX_BYTES_PER_USER"])
def test_a_file_that_unpacks_without_end_is_not_unpacked(guest: Guest, settings: LazySettings, limit: str) -> None:
    archive = archive_of_cell()
    bomb = b"\x00" * 2**22
    name = hashlib.sha256(bomb).hexdigest()
    hostile = changed(archive, **{name: bomb})
    with ZipFile(io.BytesIO(hostile)) as opened:
        assert opened.getinfo(f"files/{name}").compress_type == ZIP_DEFLATED
    setattr(settings, limit, 2**21)
    with pytest.raises(ApiError) as refused:
        restored(guest, hostile)
    assert refused.value.code == "archive_too_large"
    assert stored_files() == []


@pytest.mark.parametrize("name", ["files/x", f"files/{'A' * 64}", f"files/../{SHA256}", f"other/{SHA256}"])
def test_other_names_do_not_belong_there(guest: Guest, name: str) -> None:
    archive = archive_of_cell()
    with ZipFile(io.BytesIO(archive)) as opened:
        found = {each: opened.read(each) for each in opened.namelist()}
    with pytest.raises(ApiError, match="does not belong"):
        restored(guest, packed({**found, name: CELL}))


def test_bytes_of_no_document_are_not_kept(guest: Guest) -> None:
    content = b"nobody's"
    stray = {hashlib.sha256(content).hexdigest(): content}
    assert restored(guest, changed(archive_of_cell(), **stray)).counts["files"] == 1
    assert stored_files() == [Document.objects.get().stored_as]


def test_bytes_that_the_storage_has_lost_are_left_out(guest: Guest) -> None:
    lost = a_document(guest.user, "lost.txt", "Lost.", content=b"lost")
    a_document(guest.user, "cell.txt", "Cell.", content=CELL)
    assert bytes_remove(lost.stored_as)
    assert files_in(exported(guest.user)) == {SHA256: CELL}


def test_courses_come_along_with_what_is_in_them(guest: Guest, other: Guest) -> None:
    course = a_course(guest.user)
    a_document(guest.user, "cell.txt", "The nucleus.", course=course)
    a_conversation(guest.user, title="Cells", course=course)
    archive = exported(guest.user)
    restored(other, archive)
    copy = Document.objects.get(user=other.user).course
    assert copy
    assert Conversation.objects.get(user=other.user).course == copy
    assert copy.pk != course.pk
    assert (copy.name, copy.exam_on, copy.user) == (course.name, course.exam_on, other.user)
    course.user = other.user  # as after a course of somebody else was named
    course.save()
    assert [each["course_id"] for each in records(exported(guest.user)).values()] == [None, None]


async def test_a_deleted_account_leaves_no_bytes(guest: Guest, other: Guest) -> None:
    for each, name in ((guest, "mine"), (other, "theirs")):
        await unit_of_work(a_document, each.user, name, "Text.", content=name.encode())
    await account_delete(caller=guest.caller, confirm="delete")
    left = await unit_of_work(Document.objects.get)
    assert stored_files() == [left.stored_as]
    assert not await unit_of_work(RemovedFile.objects.exists)


def test_a_purge_takes_the_bytes_of_guests_who_stayed_away(guest: Guest) -> None:
    a_document(guest.user, "cell.txt", "Cell.", content=CELL)
    User.objects.filter(pk=guest.user.pk).update(last_seen_on="2020-01-01")
    assert dict(purge_steps())["files"] == 1
    assert stored_files() == []


def test_an_old_archive_is_read(guest: Guest) -> None:
    """Of before there were files, courses and a report."""
    page = {"number": 1, "label": "page 1", "text": "Light.", "state": "read"}
    pk = str(uuid4())
    document = {
        **{"id": pk, "filename": "a.pdf", "media_type": "application/pdf", "kind": "pdf", "size_bytes": 3},
        **{"sha256": "0" * 64, "notes": [], "created_at": "2026-01-01T00:00:00Z", "pages": [page]},
    }
    manifest = {"format": "lamla-archive", "version": 1}
    restored(guest, packed({f"documents/{pk}.json": document, "manifest.json": manifest}))
    found = Document.objects.get()
    assert (found.state, found.page_count, found.pages_read, found.character_count) == ("ready", 1, 1, 6)
    assert (found.index_version, found.stored_as) == (0, "")  # its passages are made in the background
