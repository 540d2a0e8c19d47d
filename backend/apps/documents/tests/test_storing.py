"""Taking files in: once for each content, within their user's space, and nothing left of what fails."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import User
from apps.core.access import Caller
from apps.core.errors import NotFound, PayloadTooLarge, Unavailable
from apps.courses.models import Course
from apps.documents import storage
from apps.documents.models import Document, DocumentState, RemovedFile
from apps.documents.selectors import space_of
from apps.documents.services.absorbing import documents_absorb
from apps.documents.services.storing import document_add, documents_add
from apps.documents.services.sweeping import sweep
from apps.documents.tests.library import Person, a_person, a_row, run, stored_files, uploaded, uploads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]


async def test_a_file_waits_to_be_read_with_its_bytes_in_the_storage(person: Person) -> None:
    added = await uploaded(person, b"Light is a wave.", filename="/home/ada/light.txt")
    document = await run(Document.objects.get, pk=added.document_id)
    assert (document.state, document.filename, document.size_bytes) == (DocumentState.WAITING, "light.txt", 16)
    assert (added.is_new, added.user_id, added.session_key) == (True, person.user.pk, person.caller.session_key)
    assert stored_files() == [document.stored_as]
    with default_storage.open(document.stored_as) as kept:
        assert kept.read() == b"Light is a wave."


async def test_somebody_new_becomes_a_guest_who_owns_all_files_of_the_request() -> None:
    files = [SimpleUploadedFile(f"{n}.txt", b"%d" % n, content_type="text/plain") for n in range(3)]
    added = await documents_add(caller=Caller(session_key=None, request_id="r"), files=files)
    assert len({one.user_id for one in added}) == len({one.session_key for one in added}) == 1
    assert await run(User.objects.filter(is_guest=True).count) == 1


async def test_the_same_content_of_the_same_user_is_one_document(person: Person) -> None:
    other = await run(a_person)
    first, again, theirs = await uploaded(person), await uploaded(person, filename="copy.txt"), await uploaded(other)
    assert (again.document_id, again.is_new) == (first.document_id, False)
    assert theirs.document_id != first.document_id
    assert len(stored_files()) == 2


async def test_the_same_file_many_times_at_once_is_one(person: Person) -> None:
    added = await asyncio.gather(*(uploaded(person) for _ in range(8)))
    assert len({one.document_id for one in added}) == 1
    assert [one.is_new for one in added].count(True) == 1
    document = await run(Document.objects.get)
    assert document.state == DocumentState.WAITING
    assert stored_files() == [document.stored_as]


async def test_uploads_side_by_side_have_no_more_room_than_there_is(person: Person, settings: LazySettings) -> None:
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = 1000
    contents = [bytes([number]) * 300 for number in range(10)]
    ended = await asyncio.gather(*(uploaded(person, each) for each in contents), return_exceptions=True)
    refused = [each for each in ended if isinstance(each, PayloadTooLarge)]
    assert len(refused) == 7
    assert {each.code for each in refused} == {"storage_full"}
    assert "Delete files" in refused[0].message
    assert (await run(space_of, person.user)).used_bytes == 900
    assert len(stored_files()) == await run(Document.objects.count) == 3


async def test_room_that_is_given_back_can_be_used_again(person: Person, settings: LazySettings) -> None:
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = 16
    first = await uploaded(person)
    await run(lambda: Document.objects.get(pk=first.document_id).delete())
    await uploaded(person, b"0123456789abcdef")


async def test_of_several_files_all_or_none_are_taken(person: Person, settings: LazySettings) -> None:
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = 20
    had = await uploaded(person, b"here")
    files = [
        SimpleUploadedFile("a", b"here"),
        SimpleUploadedFile("b", b"0123456789"),
        SimpleUploadedFile("c", b"x" * 9),
    ]
    with pytest.raises(PayloadTooLarge):
        await documents_add(caller=person.caller, files=files)
    assert [document.pk for document in await run(lambda: list(Document.objects.all()))] == [had.document_id]
    assert len(stored_files()) == 1


async def test_more_files_than_are_taken_at_once_are_none(person: Person, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_FILES = 1
    with pytest.raises(PayloadTooLarge) as refused:
        await documents_add(caller=person.caller, files=[SimpleUploadedFile("a", b"1"), SimpleUploadedFile("b", b"2")])
    assert refused.value.code == "too_many_files"


async def test_a_storage_that_is_away_leaves_nothing(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "_link", full)
    with pytest.raises(Unavailable) as refused:
        await uploaded(person)
    assert refused.value.code == "storage_unavailable"
    assert await run(Document.objects.count) == await run(RemovedFile.objects.count) == 0
    assert stored_files() == []


async def test_a_client_that_leaves_interrupts_nothing(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()
    loop, keep = asyncio.get_running_loop(), storage.bytes_keep

    def slow(name: str, content: io.BytesIO) -> None:
        loop.call_soon_threadsafe(reached.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        keep(name, content)

    monkeypatch.setattr("apps.documents.services.storing.bytes_keep", slow)
    request = asyncio.create_task(uploaded(person))
    await reached.wait()
    document = await run(Document.objects.get)
    assert document.state == DocumentState.ARRIVING
    request.cancel()
    await asyncio.wait({request})
    go_on.set()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*(task for task in others if task.get_name() == "store a file"))
    assert (await run(Document.objects.get)).state == DocumentState.WAITING


async def test_what_never_arrived_is_swept_with_its_bytes(person: Person) -> None:
    fresh, old = await uploads(person, b"fresh", b"old")
    rows = Document.objects.all()
    await run(rows.update, state=DocumentState.ARRIVING)
    await run(rows.filter(pk=old.pk).update, created_at=timezone.now() - timedelta(hours=2))
    await sweep()
    assert [document.pk for document in await run(list, rows)] == [fresh.pk]
    assert stored_files() == [fresh.stored_as]


async def test_a_file_whose_process_died_can_be_sent_again(person: Person) -> None:
    (document,) = await uploads(person, b"Light is a wave.")
    default_storage.delete(document.stored_as)
    await run(Document.objects.update, state=DocumentState.ARRIVING, created_at=timezone.now() - timedelta(hours=2))
    again = await uploaded(person)
    await sweep()
    assert again.document_id == document.pk
    assert (await run(Document.objects.get)).state == DocumentState.WAITING
    assert stored_files() == [document.stored_as]


async def test_a_document_without_bytes_gets_them(person: Person, settings: LazySettings) -> None:
    row = await run(a_row, person.user, content=b"Light is a wave.")
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = 15
    with pytest.raises(PayloadTooLarge):
        await uploaded(person)
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = 16
    added = await uploaded(person)
    document = await run(Document.objects.get)
    assert (added.document_id, added.is_new, document.state) == (row.pk, False, DocumentState.READY)
    assert stored_files() == [document.stored_as]
    assert await run(RemovedFile.objects.count) == 0


async def test_what_could_not_be_read_is_read_again_when_it_comes_again(person: Person) -> None:
    (document,) = await uploads(person, b"scan")
    problem = {"code": "document_empty", "detail": "No text."}
    failed = {"state": DocumentState.FAILED, "problem": problem, "attempts": 3, "pages_empty": 2, "language": "fr"}
    await run(Document.objects.update, **failed)
    await uploaded(person, b"scan")
    again = await run(Document.objects.get)
    assert (again.state, again.problem, again.attempts, again.pages_empty) == (DocumentState.WAITING, None, 0, 0)
    assert again.language == ""
    assert again.stored_as == document.stored_as


async def test_a_file_goes_into_a_course_of_ones_own(person: Person) -> None:
    other = await run(a_person)
    mine, theirs = [await run(Course.objects.create, user=each.user, name="Optics") for each in (person, other)]

    async def add(course: Course) -> Document:
        added = await document_add(
            caller=person.caller, filename="a", media_type="", content=io.BytesIO(b"a"), course_id=course.pk
        )
        found: Document = await run(Document.objects.get, pk=added.document_id)
        return found

    for foreign in (theirs, Course(pk=uuid4())):
        with pytest.raises(NotFound):
            await add(foreign)
    assert (await add(mine)).course_id == mine.pk
    assert stored_files() == [(await run(Document.objects.get)).stored_as]


async def test_a_guests_files_are_found_by_who_signs_in(person: Person) -> None:
    user = await run(User.objects.create_user, username="ada")
    both, alone = await uploads(person, b"both", b"alone")
    await run(a_row, user, content=b"both")
    await run(documents_absorb, person.user, user)
    found = await run(lambda: list(Document.objects.filter(user=user).exclude(stored_as="")))
    assert {document.stored_as for document in found} == {both.stored_as, alone.stored_as} == set(stored_files())
    assert await run(lambda: Document.objects.get(pk=both.pk).sha256) is None


def test_no_name_is_left_of_a_file_that_is_being_written(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[list[str]] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            names.append([each.name for each in files.rglob("*") if each.is_file()])
            return super().read(size)

    storage.bytes_keep("documents/u/a", Watched(b"x" * 200_000))
    assert names
    assert not any(names)
    monkeypatch.delattr("os.O_TMPFILE")  # as where there are no files without a name
    storage.bytes_keep("documents/u/b", Watched(b"y" * 200_000))
    assert stored_files() == ["documents/u/a", "documents/u/b"]
    assert sorted(each.name for each in files.rglob("*") if each.is_file()) == ["a", "b"]
    for name in stored_files():
        assert storage.bytes_remove(name)
    assert not list((files / "documents").iterdir())
