"""Reads; synchronous, called inside units of work. `access_…` is the only way to a row for a user."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.core.access import Caller
from apps.core.cursors import cursor_read, cursor_write
from apps.core.errors import NotFound
from apps.documents.models import Document, DocumentPage, DocumentState

PAGE_DEFAULT = 30


@dataclass(frozen=True)
class Space:
    """Of one user's files: bytes that they take in the storage, and that they may take."""

    used_bytes: int
    limit_bytes: int


@dataclass(frozen=True)
class Library:
    """A page of a user's documents, the cursor of the next one, and their space."""

    documents: Sequence[Document]
    next_cursor: str | None
    space: Space


@dataclass(frozen=True)
class PageView:
    """A page of a document, and the numbers of those beside it."""

    document: Document
    page: DocumentPage
    previous: int | None
    next: int | None


def documents_of(user: User | None) -> QuerySet[Document]:
    """The user's own, but for those whose bytes are still arriving; nobody has none."""
    if user is None:
        return Document.objects.none()
    return Document.objects.filter(user=user).exclude(state=DocumentState.ARRIVING)


def access_document(*, user: User | None, document_id: UUID) -> Document:
    """Raises: NotFound, also for somebody else's."""
    found = documents_of(user).filter(pk=document_id).first()
    if found is None:
        raise document_not_found()
    return found


def document_get(*, caller: Caller, document_id: UUID) -> Document:
    """The same, for the caller of a request."""
    return access_document(user=user_of(caller=caller), document_id=document_id)


def documents_by_id(ids: Sequence[UUID]) -> dict[UUID, Document]:
    """Those that are still there, of ids that are known to be the caller's."""
    return Document.objects.in_bulk(list(ids))


def document_not_found() -> NotFound:
    return NotFound("A document does not exist, or it is not yours.", code="document_not_found")


def document_list(
    *, caller: Caller, cursor: str = "", limit: int = PAGE_DEFAULT, course_id: UUID | None = None, q: str = ""
) -> Library:
    """Newest first; those of a course, or with `q` in their names. Raises: InvalidInput for a foreign cursor."""
    user = user_of(caller=caller)
    rows = documents_of(user).order_by("-created_at", "-id")
    if course_id:
        rows = rows.filter(course=course_id)
    if q:
        rows = rows.filter(filename__icontains=q)
    if cursor:
        created_at, pk = cursor_read(cursor)
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=pk))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return Library(found[:limit], cursor_write(last.created_at, last.pk) if last else None, space_of(user))


def space_of(user: User | None) -> Space:
    """Counts what is arriving too: it takes its place from its beginning on. Nobody has that of a guest."""
    is_guest = user is None or user.is_guest
    limit = settings.DOCUMENTS_MAX_BYTES_PER_GUEST if is_guest else settings.DOCUMENTS_MAX_BYTES_PER_USER
    stored = Document.objects.filter(user=user).exclude(stored_as="") if user else Document.objects.none()
    used = stored.aggregate(total=Sum("size_bytes"))["total"] if user else 0
    return Space(used_bytes=used or 0, limit_bytes=limit)


def page_get(*, caller: Caller, document_id: UUID, number: int) -> PageView:
    """Raises: NotFound."""
    document = document_get(caller=caller, document_id=document_id)
    around = document.pages.filter(number__gte=number - 1, number__lte=number + 1)
    pages = {page.number: page for page in around}
    if number not in pages:
        raise NotFound("This page does not exist, or is not read yet.", code="page_not_found")
    before, after = number - 1, number + 1
    return PageView(document, pages[number], before if before in pages else None, after if after in pages else None)
