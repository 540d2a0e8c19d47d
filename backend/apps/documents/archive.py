"""Documents as records of an archive, and back. Read and written page by page; called inside units of work."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from apps.accounts.models import User
from apps.core.records import Record, Time, Whole, place_of
from apps.core.text import CleanText
from apps.documents.extraction.filenames import clean_filename
from apps.documents.models import Document, DocumentPage, DocumentState
from apps.documents.services.page_writing import report_of

DOCUMENTS_AT_ONCE = 50
PAGES_AT_ONCE = 100
NOTES_MAX = 1000  # a reader makes a handful
AS_THEY_ARE = (
    *("id", "filename", "media_type", "kind", "size_bytes", "sha256", "course_id", "problem", "language", "notes"),
    *("page_count", "pages_cut", "created_at"),
)
OF_A_PAGE = ("number", "label", "text", "state", "method")
# Of one that was exported before it was read, and came without its file.
UNREAD_CODE = "document_file_missing"
UNREAD = {
    "code": UNREAD_CODE,
    "detail": "This file had not been read when it was exported, and the file itself was not in the archive. Upload it "
    "again.",
}
KindName = Literal[
    "pdf", "docx", "pptx", "xlsx", "odt", "epub", "html", "markdown", "text", "csv", "code", "image", ""
]  # fmt: skip


class PageRecord(Record):
    number: Whole
    label: Annotated[CleanText, StringConstraints(max_length=120)]
    text: CleanText
    state: Literal["read", "empty", "failed"]
    method: Literal["text", "ocr"] = "text"


class ProblemRecord(Record):
    code: Annotated[CleanText, StringConstraints(max_length=100)]
    detail: Annotated[CleanText, StringConstraints(max_length=1000)]


class DocumentRecord(Record):
    """A file of `documents/`; where `sha256` has an entry in `files/`, those are its bytes.

    Archives of before there were files have none of the members with a default.
    """

    id: UUID
    filename: Annotated[CleanText, AfterValidator(clean_filename)]
    media_type: Annotated[CleanText, StringConstraints(max_length=100)]
    kind: KindName
    size_bytes: Annotated[int, Field(ge=0, le=2**63 - 1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None
    course_id: UUID | None = None
    state: Literal["waiting", "ready", "failed"] = "ready"
    problem: ProblemRecord | None = None
    language: Annotated[CleanText, StringConstraints(max_length=8)] = ""
    notes: Annotated[list[CleanText], Field(max_length=NOTES_MAX, fail_fast=True)]
    page_count: Whole | None = None
    pages_cut: Whole = 0
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
    """Each document's id with the members of its record; Any: JSON, or an iterator over pages of a list.

    Of its course it names one in `exported`.
    """
    of_user = Document.objects.filter(user_id=user_id).exclude(state=DocumentState.ARRIVING).order_by("pk")
    after = UUID(int=0)
    while documents := list(of_user.filter(pk__gt=after)[:DOCUMENTS_AT_ONCE]):
        for document in documents:
            yield document.pk, _members(document, exported)
        after = documents[-1].pk


def _members(document: Document, exported: Collection[UUID]) -> Iterator[tuple[str, Any]]:
    if document.course_id not in exported:
        document.course_id = None
    for name in AS_THEY_ARE:
        yield name, getattr(document, name)
    is_read = document.state in (DocumentState.READY, DocumentState.FAILED)
    yield "state", document.state if is_read else DocumentState.WAITING
    # What is half read is read again where it comes to.
    yield "pages", _pages(document) if is_read else []


def _pages(document: Document) -> Iterator[list[dict[str, Any]]]:
    after = -1
    of_document = document.pages.order_by("number").values(*OF_A_PAGE)
    while rows := list(of_document.filter(number__gt=after)[:PAGES_AT_ONCE]):
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
        pk, made = _store(self.record, user, ids["courses"])
        ids["documents"][self.record.id] = pk
        return made


def document_read(data: bytearray) -> PreparedDocument:
    """Raises: ValueError, of which pydantic.ValidationError is one."""
    return PreparedDocument(DocumentRecord.read(data))


def _store(record: DocumentRecord, user: User, course_ids: dict[UUID, UUID]) -> tuple[UUID, dict[str, int]]:
    """The id that it has here, and how many rows of what were made. Its passages are made afterwards, see ingesting."""
    pk, is_there = place_of(record.id, user_id=user.pk, rows=Document.objects.all())
    same = Document.objects.filter(user=user, sha256=record.sha256).values_list("pk", flat=True).first()
    if not is_there and same and record.sha256:
        pk, is_there = same, True
    if is_there:
        return pk, {}
    is_unread = record.state == "waiting"
    document = Document.objects.create(
        id=pk,
        user=user,
        course_id=course_ids.get(record.course_id) if record.course_id else None,
        state=DocumentState.FAILED if is_unread else record.state,  # until its file comes
        problem=UNREAD if is_unread else record.problem and record.problem.model_dump(),
        page_count=len(record.pages) if record.page_count is None else record.page_count,
        **report_of(record.pages),
        **record.model_dump(exclude={"id", "pages", "course_id", "state", "problem", "page_count"}),
    )
    DocumentPage.objects.bulk_create(DocumentPage(document=document, **page.model_dump()) for page in record.pages)
    return pk, {"documents": 1, "pages": len(record.pages)}
