"""Storing what is read of a document, under its claim. Units of work: short ones, since on SQLite one writes at a time.

Each returns whether the claim still holds; nothing is written otherwise.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Length

from apps.core.errors import ApiError
from apps.documents.extraction.results import CutPassage, Ended, ExtractedPage, Opened, PageSeen
from apps.documents.models import Document, DocumentPage, DocumentPassage, DocumentState, PageMethod, PageState
from apps.documents.passages.version import INDEX_VERSION
from apps.documents.services.leasing import Claim, hold

ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class ToRead:
    """A claimed document, and how far it is read already."""

    claim: Claim
    filename: str
    media_type: str
    language: str
    stored_as: str
    seen: Sequence[PageSeen]

    @property
    def first_page(self) -> int:
        return max((page.number for page in self.seen), default=0) + 1


@transaction.atomic
def reading_begin(claim: Claim) -> ToRead | None:
    """None when the claim is gone."""
    document = hold(claim)
    if document is None:
        return None
    rows = document.pages.order_by("number").values_list("number", "state", "method", Length("text"))
    return ToRead(
        claim=claim,
        filename=document.filename,
        media_type=document.media_type,
        language=document.language,
        stored_as=document.stored_as,
        seen=tuple(
            PageSeen(number, _literal(state), _literal(method), length) for number, state, method, length in rows
        ),
    )


def _literal(value: str) -> Any:
    """Any: a choice of a column, which is one of the literals."""
    return value


@transaction.atomic
def pages_store(claim: Claim, *, opened: Opened | None, pages: Sequence[ExtractedPage]) -> bool:
    """Add a batch of pages with their passages, and count them. Those that are stored already are left as they are.

    So a batch can be sent again whose commit was answered by a broken line.
    """
    document = hold(claim)
    if document is None:
        return False
    last = document.pages.aggregate(last=Max("number"))["last"] or 0
    fresh = [page for page in pages if page.number > last]
    if opened:
        document.kind, document.media_type = opened.kind, opened.media_type
        document.page_count = max(document.page_count, opened.page_count)
    if fresh:
        DocumentPage.objects.bulk_create(_pages(document, fresh), batch_size=ROWS_AT_ONCE)
        passages_add(document, [(page.number, page.passages) for page in fresh])
        _count(document, fresh)
        document.attempts = 1  # whoever comes next goes on from here
    document.save(update_fields=REPORT)
    return True


REPORT = (
    *("kind", "media_type", "page_count", "pages_read", "pages_ocr", "pages_empty", "pages_failed", "character_count"),
    *("language", "passage_count", "passage_tokens", "attempts"),
)


def _pages(document: Document, pages: Iterable[ExtractedPage]) -> Iterable[DocumentPage]:
    return [
        DocumentPage(
            document=document,
            number=page.number,
            label=page.label,
            text=page.text,
            state=page.state,
            method=page.method,
        )
        for page in pages
    ]


def passages_add(document: Document, cut: Sequence[tuple[int, Sequence[CutPassage]]]) -> None:
    """Add passages, by page, and count them in `document`, which is not saved here."""
    each = [(page, passage) for page, passages in cut for passage in passages]
    first = document.passage_count + 1
    rows = [
        DocumentPassage(
            document=document,
            page=page,
            number=number,
            start=passage.start,
            end=passage.end,
            tokens=passage.tokens,
            terms=passage.terms,
        )
        for number, (page, passage) in enumerate(each, first)
    ]
    DocumentPassage.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    document.passage_count += len(rows)
    document.passage_tokens += sum(row.tokens for row in rows)


def report_of(pages: Iterable[Any]) -> Counter[str]:
    """How many pages are what, by the names of the report's columns. Any: stored pages, or extracted ones."""
    counts = Counter[str]()
    for page in pages:
        counts["character_count"] += len(page.text)
        if page.state == PageState.READ:
            counts["pages_ocr" if page.method == PageMethod.OCR else "pages_read"] += 1
        else:
            counts["pages_empty" if page.state == PageState.EMPTY else "pages_failed"] += 1
    return counts


def _count(document: Document, pages: Sequence[ExtractedPage]) -> None:
    for name, count in report_of(pages).items():
        setattr(document, name, getattr(document, name) + count)
    document.language = pages[-1].language or document.language


@transaction.atomic
def reading_finish(claim: Claim, ended: Ended) -> bool:
    """It is read, and found by its words."""
    if hold(claim) is None:
        return False
    _release(
        claim,
        state=DocumentState.READY,
        page_count=ended.page_count,
        pages_cut=ended.pages_cut,
        language=ended.language,
        notes=list(ended.notes),
        index_version=INDEX_VERSION,
        attempts=0,
    )
    return True


@transaction.atomic
def reading_fail(claim: Claim, error: ApiError) -> bool:
    """Nothing of it can be read, as `error` says."""
    if hold(claim) is None:
        return False
    _release(claim, state=DocumentState.FAILED, problem={"code": error.code, "detail": error.message}, attempts=0)
    return True


def _release(claim: Claim, **changes: Any) -> None:
    """Any: columns."""
    mine = Document.objects.filter(pk=claim.document_id, claimed_by=claim.name)
    mine.update(claimed_by="", claimed_until=None, **changes)
