"""Documents as records of an archive, and back. Read and written page by page; called inside units of work."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db.models import QuerySet
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import from_json

from apps.accounts.models import User
from apps.core.text import CleanText
from apps.documents.extraction.filenames import clean_filename
from apps.documents.models import Document, DocumentPage

DOCUMENTS_AT_ONCE = 50
PAGES_AT_ONCE = 100
MEMBERS_MAX = 50  # of an object, known or not
NOTES_MAX = 1000  # a reader makes a handful
# Within what every database can hold, whatever the offset from UTC.
Time = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Record(BaseModel):
    """An object of an archive."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def read(cls, data: bytearray) -> Self:
        """Parsed once and then validated: each error of `model_validate_json` would hold a copy of what it is about.

        Raises: ValueError, of which pydantic.ValidationError is one.
        """
        return cls.model_validate(from_json(data))

    @model_validator(mode="before")
    @classmethod
    def _check_members(cls, value: Any) -> Any:
        """An error for each unknown member may be too many. Any: JSON."""
        if isinstance(value, dict) and len(value) > MEMBERS_MAX:
            raise ValueError("It has more members than there are.")
        return value


class PageRecord(Record):
    number: Whole
    label: Annotated[CleanText, StringConstraints(max_length=50)]
    text: CleanText
    state: Literal["read", "empty", "failed"]


class DocumentRecord(Record):
    """A file of `documents/`; `sha256` is that of the file which was read, whose bytes are not kept."""

    id: UUID
    filename: Annotated[CleanText, AfterValidator(clean_filename)]
    media_type: Annotated[CleanText, StringConstraints(max_length=100)]
    kind: Literal["pdf", "docx", "pptx", "text", "markdown"]
    size_bytes: Annotated[int, Field(ge=0, le=2**63 - 1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    notes: Annotated[list[CleanText], Field(max_length=NOTES_MAX, fail_fast=True)]
    created_at: Time
    pages: Annotated[list[PageRecord], Field(max_length=settings.DOCUMENT_MAX_PAGES, fail_fast=True)]

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


@dataclass(frozen=True)
class PreparedDocument:
    """As parts.py wants it."""

    record: DocumentRecord

    @property
    def rows(self) -> int:
        return 1 + len(self.record.pages)

    def store(self, *, user: User, ids: dict[str, dict[UUID, UUID]]) -> dict[str, int]:
        """One that the user has, by its id or by its content, is left as it is."""
        pk, made = _store(self.record, user)
        ids["documents"][self.record.id] = pk
        return made


def document_read(data: bytearray) -> PreparedDocument:
    """Raises: ValueError, of which pydantic.ValidationError is one."""
    return PreparedDocument(DocumentRecord.read(data))


def _store(record: DocumentRecord, user: User) -> tuple[UUID, dict[str, int]]:
    """The id that it has here, and how many rows of what were made."""
    pk, is_there = place_of(record.id, user_id=user.pk, rows=Document.objects.all())
    same = Document.objects.filter(user=user, sha256=record.sha256).values_list("pk", flat=True).first()
    if not is_there and same and record.sha256:
        pk, is_there = same, True
    if is_there:
        return pk, {}
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
    return pk, {"documents": 1, "pages": len(record.pages)}


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
