"""Taking files in: a row that counts, then the bytes, then the row that waits to be read.

The row comes first, so that uploads which run side by side cannot have more room than there is, and nothing lies in the
storage of which no row knows. The same content of one user is one document.
"""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services.identity import identity_ensure, user_lock
from apps.core.access import Caller
from apps.core.errors import ApiError, Conflict, PayloadTooLarge
from apps.core.units_of_work import unit_of_work
from apps.courses.selectors import access_course
from apps.documents.extraction.filenames import clean_filename
from apps.documents.models import Document, DocumentState, RemovedFile
from apps.documents.selectors import space_of
from apps.documents.services.deleting import (
    ARRIVING_SECONDS,
    document_rows_delete,
    file_note_removed,
    removed_files_delete,
)
from apps.documents.services.ingesting import ingest
from apps.documents.storage import bytes_keep, new_name

MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,59}")
UNKNOWN_MEDIA_TYPE = "application/octet-stream"
CHUNK_BYTES = 2**20

_storing: set["asyncio.Task[None]"] = set()


@dataclass(frozen=True)
class Added:
    """A document that a file has become, or was already; `session_key` is its user's, of a guest that may be new."""

    document_id: UUID
    user_id: UUID
    session_key: str
    is_new: bool


@dataclass(frozen=True)
class _Arrival:
    added: Added
    store_as: str  # empty: its bytes are there


async def documents_add(
    *,
    caller: Caller,
    files: Sequence[UploadedFile],  # type: ignore[type-arg]  # generic in its stubs alone
    course_id: UUID | None = None,
) -> list[Added]:
    """Take in the files of one request, all or none. Raises: as `document_add`; PayloadTooLarge for too many."""
    if len(files) > settings.UPLOAD_MAX_FILES:
        raise PayloadTooLarge(f"At most {settings.UPLOAD_MAX_FILES} files are taken at once.", code="too_many_files")
    added: list[Added] = []
    try:
        for file in files:
            one = await document_add(
                caller=caller,
                filename=file.name or "",
                media_type=file.content_type or "",
                content=cast(BinaryIO, file),  # Django's wrapper passes the methods of a file on
                course_id=course_id,
            )
            added.append(one)
            if one.session_key:
                caller = replace(caller, session_key=one.session_key)
    except ApiError:
        await documents_take_back([one.document_id for one in added if one.is_new])
        raise
    return added


async def document_add(
    *, caller: Caller, filename: str, media_type: str, content: BinaryIO, course_id: UUID | None = None
) -> Added:
    """Store a file, to be read in the background; a client that leaves interrupts nothing.

    `content` is seekable; it is read in threads, a piece at a time. Raises: Unauthorized, Forbidden; NotFound for the
    course; PayloadTooLarge when its user's space is full; Unavailable when the storage is.
    """
    size_bytes, sha256 = await asyncio.to_thread(_measure, content)
    arrival = await unit_of_work(
        _arrive,
        caller=caller,
        described={
            "filename": clean_filename(filename),
            "media_type": media_type if MEDIA_TYPE.fullmatch(media_type) else UNKNOWN_MEDIA_TYPE,
            "size_bytes": size_bytes,
            "sha256": sha256,
        },
        course_id=course_id,
    )
    if arrival.store_as:
        storing = asyncio.create_task(_store(arrival, content), name="store a file", context=Context())
        _storing.add(storing)
        storing.add_done_callback(_storing.discard)
        await asyncio.shield(storing)
    ingest().nudge()
    return arrival.added


async def documents_take_back(document_ids: Sequence[UUID]) -> None:
    """Delete documents that were added just now, as if they had never been."""
    if document_ids:
        await unit_of_work(_take_back, document_ids)
        await removed_files_delete()


def _measure(content: BinaryIO) -> tuple[int, str]:
    """Bytes, and SHA-256 in hex."""
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


@transaction.atomic
def _arrive(*, caller: Caller, described: dict[str, str | int], course_id: UUID | None) -> _Arrival:
    """Make its row, or find it. Raises: as above."""
    identity = identity_ensure(caller=caller)
    user = identity.user
    user_lock(user.pk)
    course = access_course(user=user, course_id=course_id) if course_id else None
    document = Document.objects.filter(user=user, sha256=described["sha256"]).first()
    is_new = document is None
    if document is None:
        check_space(user, more_bytes=int(described["size_bytes"]))
        store_as = new_name(user_id=user.pk, sha256=str(described["sha256"]))
        document = Document.objects.create(
            user=user, course=course, state=DocumentState.ARRIVING, stored_as=store_as, **described
        )
    else:
        store_as = _arrive_again(document, user)
        if course:
            Document.objects.filter(pk=document.pk).update(course=course)
    added = Added(document.pk, user.pk, identity.session_key, is_new)
    return _Arrival(added, store_as)


def _arrive_again(document: Document, user: User) -> str:
    """What the user has already; return under which name its bytes are to be stored, empty when they are there."""
    if document.state == DocumentState.ARRIVING:  # beside us, or before a process died: the same bytes, the same name
        Document.objects.filter(pk=document.pk).update(created_at=timezone.now())
        return document.stored_as
    if not document.stored_as:
        check_space(user, more_bytes=document.size_bytes)
        store_as = new_name(user_id=user.pk, sha256=str(document.sha256))
        file_note_removed(store_as, in_s=ARRIVING_SECONDS)  # unless it arrives
        return store_as
    if document.state == DocumentState.FAILED:
        _read_again(document)
    return ""


def _read_again(document: Document) -> None:
    """What could not be read may be read now: by another version, with OCR, without a fault of that moment."""
    document.passages.all().delete()
    document.pages.all().delete()
    fresh = Document(user_id=document.user_id)
    names = ("page_count", "pages_read", "pages_ocr", "pages_empty", "pages_failed", "pages_cut", "character_count")
    zeros = {name: getattr(fresh, name) for name in (*names, "passage_count", "passage_tokens", "vector_count")}
    Document.objects.filter(pk=document.pk).update(
        state=DocumentState.WAITING, problem=None, notes=[], language="", attempts=0, index_version=0, **zeros
    )


def check_space(user: User, *, more_bytes: int) -> None:
    """Under the user's lock. Raises: PayloadTooLarge."""
    space = space_of(user)
    if space.used_bytes + more_bytes > space.limit_bytes:
        advice = " Sign up to have more room." if user.is_guest else ""
        raise PayloadTooLarge(
            f"There is no room for this file of {_megabytes(more_bytes)} MB: {_megabytes(space.used_bytes)} of your "
            f"{_megabytes(space.limit_bytes)} MB are taken. Delete files that you no longer need.{advice}",
            code="storage_full",
            used_bytes=space.used_bytes,
            limit_bytes=space.limit_bytes,
        )


def _megabytes(count: int) -> str:
    return f"{count / 2**20:,.1f}"


async def _store(arrival: _Arrival, content: BinaryIO) -> None:
    try:
        await asyncio.to_thread(bytes_keep, arrival.store_as, content)
        await unit_of_work(_arrived, arrival)
    except Exception:
        await unit_of_work(_give_up, arrival)
        await removed_files_delete()
        raise


@transaction.atomic
def _arrived(arrival: _Arrival) -> None:
    """Its bytes are there. Raises: Conflict when its document is gone; PayloadTooLarge."""
    found = Document.objects.filter(pk=arrival.added.document_id)
    user_lock(found.values_list("user_id", flat=True).first() or arrival.added.user_id)
    document = found.select_related("user").first()
    if document is None:
        raise Conflict("This file was deleted while it was uploaded.", code="document_deleted")
    if document.state == DocumentState.ARRIVING:
        found.update(state=DocumentState.WAITING)
    elif not document.stored_as:
        check_space(document.user, more_bytes=document.size_bytes)
        RemovedFile.objects.filter(stored_as=arrival.store_as).delete()
        found.update(stored_as=arrival.store_as)
        if document.state == DocumentState.FAILED:
            _read_again(document)
    elif document.stored_as != arrival.store_as:  # somebody was faster
        file_note_removed(arrival.store_as)


@transaction.atomic
def _give_up(arrival: _Arrival) -> None:
    """Nothing of it stays, unless the same file has arrived on another way meanwhile."""
    document = Document.objects.filter(pk=arrival.added.document_id).first()
    if document is None or document.stored_as != arrival.store_as:
        file_note_removed(arrival.store_as)
    elif document.state == DocumentState.ARRIVING:
        document.delete()


@transaction.atomic
def _take_back(document_ids: Sequence[UUID]) -> None:
    for document in Document.objects.filter(pk__in=document_ids):
        user_lock(document.user_id)
        document_rows_delete(document)
