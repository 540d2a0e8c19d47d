"""Documents as records of an archive, and back. Read and written page by page; called inside units of work."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db.models import QuerySet
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from apps.accounts.models import User
from apps.core.text import CleanText
from apps.documents.extraction.filenames import clean_filename
from apps.documents.models import Document, DocumentPage

DOCUMENTS_AT_ONCE = 50
PAGES_AT_ONCE = 100
# Within what every database can hold, whatever the offset from UTC.
Time = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]


class PageRecord(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Whole
    label: Annotated[CleanText, StringConstraints(max_length=50)]
    text: CleanText
    state: Literal["read", "empty", "failed"]


class DocumentRecord(BaseModel):
    """A file of `documents/`; `sha256` is that of the file which was read, whose bytes are not kept."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    filename: Annotated[CleanText, AfterValidator(clean_filename)]
    media_type: Annotated[CleanText, StringConstraints(max_length=100)]
    kind: Literal["pdf", "docx", "pptx", "text", "markdown"]
    size_bytes: Annotated[int, Field(ge=0, le=2**63 - 1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    notes: list[CleanText]
    created_at: Time
    pages: list[PageRecord]

    @model_validator(mode="after")
    def _check_pages(self) -> "DocumentRecord":
        if len({page.number for page in self.pages}) < len(self.pages):
            raise ValueError("Two pages have the same number.")
        if len(self.pages) > settings.DOCUMENT_MAX_PAGES or self.characters > settings.DOCUMENT_MAX_CHARACTERS:
            raise ValueError("The document is larger than this server takes of one file.")
        return self

    @property
    def characters(self) -> int:
        return sum(len(page.text) for page in self.pages)


def documents_export(*, user_id: UUID, exported: Collection[UUID]) -> Iterator[tuple[UUID, Iterator[tuple[str, Any]]]]:
    """Each document's id with the members of its record; Any: JSON, or an iterator over pages of a list."""
    of_user = Document.objects.filter(user_id=user_id).order_by("pk")
    after = UUID(int=0)
    while documents := list(of_user.filter(pk__gt=after)[:DOCUMENTS_AT_ONCE]):
        for document in documents:
            yield document.pk, _members(document)
        after = documents[-1].pk


def _members(document: Document) -> Iterator[tuple[str, Any]]:
    for name in ("id", "filename", "media_type", "kind", "size_bytes", "sha256", "notes", "created_at"):
        yield name, getattr(document, name)
    yield "pages", _pages(document)


def _pages(document: Document) -> Iterator[list[dict[str, Any]]]:
    after = -1
    while rows := list(
        document.pages.filter(number__gt=after)
        .order_by("number")
        .values("number", "label", "text", "state")[:PAGES_AT_ONCE]
    ):
        yield [dict(row) for row in rows]
        after = rows[-1]["number"]


def document_restore(*, data: bytes, user: User, ids: dict[UUID, UUID]) -> dict[str, int]:
    """Store a record as the user's; return how many rows of what that made. Under the caller's transaction.

    One that the user has, by its id or by its content, is left as it is. `ids` leads from the archive's ids to ours.
    Raises: pydantic.ValidationError.
    """
    record = DocumentRecord.model_validate_json(data)
    pk, is_there = place_of(record.id, user_id=user.pk, rows=Document.objects.all())
    same = Document.objects.filter(user=user, sha256=record.sha256).values_list("pk", flat=True).first()
    if not is_there and same and record.sha256:
        pk, is_there = same, True
    ids[record.id] = pk
    if is_there:
        return {}
    document = Document.objects.create(
        id=pk,
        user=user,
        page_count=len(record.pages),
        unread_page_count=sum(page.state != "read" for page in record.pages),
        character_count=record.characters,
        **record.model_dump(exclude={"id", "pages", "created_at"}),
    )
    Document.objects.filter(pk=pk).update(created_at=record.created_at)  # which the field itself sets to now
    DocumentPage.objects.bulk_create(DocumentPage(document=document, **page.model_dump()) for page in record.pages)
    return {"documents": 1, "pages": len(record.pages)}


def place_of(name: UUID, *, user_id: UUID, rows: "QuerySet[Any]") -> tuple[UUID, bool]:
    """The id under which a user has, or gets, the row that an archive calls `name`; and whether it is there already.

    Its own id, unless that is somebody else's: then one that follows from it and the user, so that the same archive
    finds it again. Any: rows of any model with a `user`.
    """
    names = [name, uuid5(user_id, str(name))]
    owners: dict[UUID, UUID] = dict(rows.filter(pk__in=names).values_list("pk", "user_id"))
    for candidate in names:
        if owners.get(candidate) == user_id:
            return candidate, True
    return next((candidate for candidate in names if candidate not in owners), uuid4()), False
