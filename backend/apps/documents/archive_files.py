"""The bytes of documents in an archive, and back. They are no records: each is an entry that its content names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import ApiError
from apps.documents.archive import UNREAD_CODE
from apps.documents.models import Document, DocumentState, RemovedFile
from apps.documents.services.deleting import ARRIVING_SECONDS, file_note_removed
from apps.documents.services.storing import check_space
from apps.documents.storage import bytes_keep, bytes_open, new_name

CHUNK_BYTES = 2**18
AT_ONCE = 500  # ids per query


@dataclass(frozen=True)
class KeptFile:
    """Bytes in the storage, which are removed again unless a document gets them."""

    stored_as: str
    size_bytes: int


def files_export(*, user_id: UUID, exported: Collection[UUID]) -> Iterator[tuple[str, int, Iterator[bytes]]]:
    """SHA-256, size and bytes of each file of the exported documents; one that is not to be had is left out."""
    rows = Document.objects.filter(user_id=user_id, sha256__isnull=False).exclude(stored_as="").order_by("pk")
    after = UUID(int=0)
    while page := list(rows.filter(pk__gt=after).values_list("pk", "sha256", "size_bytes", "stored_as")[:AT_ONCE]):
        for pk, sha256, size_bytes, stored_as in page:
            if pk in exported and (content := _opened(stored_as)):
                yield str(sha256), size_bytes, _chunks(content)
        after = page[-1][0]


def _opened(stored_as: str) -> BinaryIO | None:
    try:
        return bytes_open(stored_as)
    except ApiError:
        return None


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while chunk := content.read(CHUNK_BYTES):
            yield chunk


def files_wanted(*, user: User, found: Collection[str]) -> set[str]:
    """Which of these, by SHA-256, the user has no bytes of."""
    names = sorted(found)
    had: set[str | None] = set()
    for start in range(0, len(names), AT_ONCE):
        stored = Document.objects.filter(user=user, sha256__in=names[start : start + AT_ONCE]).exclude(stored_as="")
        had.update(stored.values_list("sha256", flat=True))
    return {name for name in names if name not in had}


def file_keep(*, user: User, sha256: str, size_bytes: int, content: BinaryIO) -> KeptFile:
    """Store bytes for a document that is to come; no transaction may be open. Raises: Unavailable."""
    kept = KeptFile(new_name(user_id=user.pk, sha256=sha256), size_bytes)
    with transaction.atomic():
        file_note_removed(kept.stored_as, in_s=ARRIVING_SECONDS)
    bytes_keep(kept.stored_as, content)
    return kept


def files_attach(*, user: User, kept: Mapping[str, KeptFile]) -> int:
    """Give the user's documents their bytes, by SHA-256, under the caller's transaction and the user's lock.

    How many got theirs. Raises: PayloadTooLarge when they do not fit into the user's space.
    """
    wanting = [
        (document, file)
        for sha256, file in kept.items()
        if (document := Document.objects.filter(user=user, sha256=sha256, stored_as="").first())
    ]
    check_space(user, more_bytes=sum(file.size_bytes for _, file in wanting))
    for document, file in wanting:
        document.stored_as, document.size_bytes = file.stored_as, file.size_bytes
        if document.problem and document.problem["code"] == UNREAD_CODE:
            document.state, document.problem = DocumentState.WAITING, None
        document.save(update_fields=["stored_as", "size_bytes", "state", "problem"])
    RemovedFile.objects.filter(stored_as__in=[file.stored_as for _, file in wanting]).delete()
    return len(wanting)


def files_leave(kept: Mapping[str, KeptFile]) -> None:
    """Have those that no document got be removed."""
    names = [file.stored_as for file in kept.values()]
    with transaction.atomic():
        left = RemovedFile.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
        for stored_as in list(left):
            file_note_removed(stored_as)
