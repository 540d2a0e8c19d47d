"""Shapes of documents; the OpenAPI document and the UI's types are made from them."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from django.conf import settings
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from apps.core.text import check_text
from apps.documents.extraction.filenames import clean_filename
from apps.documents.extraction.rendering import has_picture
from apps.documents.models import Document, DocumentState
from apps.documents.selectors import Library, PageView

# Of a prompt's budget; what is left is for the conversation.
WHOLE_SHARE = 0.7
NEW_NAME_MAX_CHARS = 255
FileName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NEW_NAME_MAX_CHARS),
    AfterValidator(check_text),
    AfterValidator(clean_filename),
]


class ProblemOut(Schema):
    """Why nothing of a file could be read: `code` is for programs, `detail` a sentence for people."""

    code: str
    detail: str


class ReportOut(Schema):
    """The intake report. Once a file is ready, each of its pages is in exactly one of these."""

    read: int = Field(description="By their own text.")
    ocr: int = Field(description="Recognised in a picture of the page.")
    empty: int = Field(description="Nothing to read on them.")
    failed: int = Field(description="Damaged, or too slow to be read.")
    cut: int = Field(description="Beyond a limit, so not read.")


class DocumentOut(Schema):
    """A file as the student sees it: how far it is read, and what was not."""

    id: UUID
    filename: str
    media_type: str
    kind: str = Field(description="pdf, docx, …; empty until its content has told.")
    size_bytes: int
    course_id: UUID | None
    state: Literal["waiting", "reading", "ready", "failed"]
    problem: ProblemOut | None
    pages: int = Field(description="Of the file; 0 while that is not known.")
    pages_done: int
    report: ReportOut
    characters: int
    language: str = Field(description="ISO 639-1; empty: not known.")
    fits_whole: bool = Field(description="All of it goes into a prompt; else the passages that a question is about.")
    meaning_percent: int = Field(ge=0, le=100, description="Passages that can be found by their meaning.")
    has_file: bool = Field(description="Whether the file itself is kept, not only what was read of it.")
    notes: list[str]
    created_at: datetime

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        report = ReportOut(
            read=document.pages_read,
            ocr=document.pages_ocr,
            empty=document.pages_empty,
            failed=document.pages_failed,
            cut=document.pages_cut,
        )
        return cls(
            id=document.id,
            filename=document.filename,
            media_type=document.media_type,
            kind=document.kind,
            size_bytes=document.size_bytes,
            course_id=document.course_id,
            state=_state(document),
            problem=ProblemOut(**document.problem) if document.problem else None,
            pages=document.page_count,
            pages_done=report.read + report.ocr + report.empty + report.failed,
            report=report,
            characters=document.character_count,
            language=document.language,
            fits_whole=document.passage_tokens <= settings.CHAT_HISTORY_MAX_TOKENS * WHOLE_SHARE,
            meaning_percent=_meaning_percent(document),
            has_file=bool(document.stored_as),
            notes=document.notes,
            created_at=document.created_at,
        )


def _state(document: Document) -> Any:
    """Any: one of the literals, which a choice of the column is."""
    return DocumentState.WAITING if document.state == DocumentState.ARRIVING else document.state


def _meaning_percent(document: Document) -> int:
    if not document.passage_count:
        return 100 if document.state == DocumentState.READY else 0
    return min(100, document.vector_count * 100 // document.passage_count)


class SpaceOut(Schema):
    """Bytes that the caller's files take, and may take."""

    used_bytes: int
    limit_bytes: int


class DocumentPageOut(Schema):
    """A page of the list of documents."""

    items: list[DocumentOut]
    next_cursor: str | None
    space: SpaceOut

    @classmethod
    def of(cls, library: Library) -> "DocumentPageOut":
        return cls(
            items=[DocumentOut.of(document) for document in library.documents],
            next_cursor=library.next_cursor,
            space=SpaceOut(used_bytes=library.space.used_bytes, limit_bytes=library.space.limit_bytes),
        )


class DocumentsAdded(Schema):
    items: list[DocumentOut]


class DocumentPatch(Schema):
    """What is to change; `course_id: null` takes it out of its course."""

    model_config = ConfigDict(extra="forbid")

    filename: FileName | None = Field(default=None, description="Not null.")
    course_id: UUID | None = None

    @model_validator(mode="after")
    def _check_filename(self) -> Self:
        if "filename" in self.model_fields_set and self.filename is None:
            raise ValueError("A file needs a name.")
        return self


class ReadPageOut(Schema):
    """A page as it was read; what is cited stands in `text` word for word."""

    document_id: UUID
    filename: str
    number: int
    label: str
    state: Literal["read", "empty", "failed"]
    method: Literal["text", "ocr"]
    text: str
    has_image: bool
    page_count: int
    previous: int | None
    next: int | None

    @classmethod
    def of(cls, view: PageView) -> "ReadPageOut":
        page, document = view.page, view.document
        return cls(
            document_id=document.pk,
            filename=document.filename,
            number=page.number,
            label=page.label,
            state=_literal(page.state),
            method=_literal(page.method),
            text=page.text,
            has_image=bool(document.stored_as) and has_picture(document.kind),
            page_count=document.page_count,
            previous=view.previous,
            next=view.next,
        )


def _literal(value: str) -> Any:
    """Any: a choice of a column, which is one of the literals."""
    return value


class HitOut(Schema):
    """A passage that was found; `marks` are the beginnings and ends of what was looked for, within `text`."""

    document_id: UUID
    filename: str
    page: int
    label: str
    start: int
    end: int
    text: str
    marks: list[tuple[int, int]]


class HitList(Schema):
    items: list[HitOut]
