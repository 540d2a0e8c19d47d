"""Deleting documents: rows first, then bytes. Between the two a row of `RemovedFile` says what is left to be done.

It is written with the deletion (see apps/documents/signals.py), so that neither a kill nor a storage that is away
leaves bytes of somebody who believes them gone.
"""

import asyncio
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from apps.accounts.services.identity import user_lock, user_of
from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentPassage, PassageVector, RemovedFile
from apps.documents.selectors import access_document
from apps.documents.storage import bytes_remove

AT_ONCE = 100
ARRIVING_SECONDS = 3600  # longer than bytes take to the storage; what is older has lost its process


async def document_delete(*, caller: Caller, document_id: UUID) -> None:
    """Delete it with all that was read of it, and its bytes. Raises: NotFound."""
    await unit_of_work(_rows_delete, caller=caller, document_id=document_id)
    await removed_files_delete()


@transaction.atomic
def _rows_delete(*, caller: Caller, document_id: UUID) -> None:
    document = access_document(user=user_of(caller=caller), document_id=document_id)
    user_lock(document.user_id)
    document_rows_delete(document)


def document_rows_delete(document: Document) -> None:
    """Under the caller's transaction. The row is locked first: who reads the document must add no page meanwhile."""
    Document.objects.select_for_update().filter(pk=document.pk).first()
    # By themselves: thousands of rows need not be read to be deleted.
    PassageVector.objects.filter(document=document).delete()
    DocumentPassage.objects.filter(document=document).delete()
    document.delete()


def file_note_removed(stored_as: str, *, in_s: float = 0) -> None:
    """Have these bytes be removed, under the caller's transaction; `in_s`: not before so many seconds."""
    # Now by itself: on SQLite a sum is written with more digits, and would be later than now for a millisecond.
    due_at = Now() + timedelta(seconds=in_s) if in_s else Now()
    RemovedFile.objects.update_or_create(stored_as=stored_as, defaults={"due_at": due_at})


async def removed_files_delete() -> None:
    """Remove the bytes that are due; those that cannot be removed now stay due."""
    after = ""
    while names := await unit_of_work(_due, after):
        gone = [name for name in names if await asyncio.to_thread(bytes_remove, name)]
        await unit_of_work(_forget, gone)
        after = names[-1]


def removed_files_delete_now() -> int:
    """The same for who may block; how many were removed."""
    after, count = "", 0
    while names := _due(after):
        gone = [name for name in names if bytes_remove(name)]
        _forget(gone)
        after, count = names[-1], count + len(gone)
    return count


def _due(after: str) -> list[str]:
    due = RemovedFile.objects.filter(due_at__lte=Now(), stored_as__gt=after).order_by("stored_as")
    return list(due.values_list("stored_as", flat=True)[:AT_ONCE])


def _forget(names: list[str]) -> None:
    if names:
        RemovedFile.objects.filter(stored_as__in=names, due_at__lte=Now()).delete()
