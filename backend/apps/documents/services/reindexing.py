"""Making the passages of documents whose pages are stored already: old ones, imported ones, or after a new version."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.documents.extraction.language import language_of
from apps.documents.extraction.passages import passages_of_page
from apps.documents.extraction.results import CutPassage
from apps.documents.models import Document, DocumentPage, DocumentPassage, PageState, PassageVector
from apps.documents.passages.version import INDEX_VERSION
from apps.documents.services.leasing import Claim, hold
from apps.documents.services.page_writing import passages_add
from apps.documents.services.patience import patient_unit_of_work

PAGES_AT_ONCE = 10
SAMPLE_CHARACTERS = 20_000
BREATH_SECONDS = 0.02  # between two steps, so that answers which stream get at processor and database first
Cut = list[tuple[int, Sequence[CutPassage]]]  # by page


class Page(NamedTuple):
    number: int
    label: str
    text: str


class Named(NamedTuple):
    """What passages are cut and named by, of a whole document."""

    filename: str
    language: str


async def document_index(claim: Claim) -> None:
    """Cut its pages into passages, a few at a time; all anew, so that who takes over need not know how far it came."""
    named = await patient_unit_of_work(_begin, claim)
    after = 0
    while named is not None:
        pages = await patient_unit_of_work(_pages, claim, after)
        cut = await asyncio.to_thread(_cut, pages, named)
        if not pages:
            await patient_unit_of_work(_finish, claim)
            return
        if not await patient_unit_of_work(_add, claim, cut):
            return
        after = pages[-1].number
        await asyncio.sleep(BREATH_SECONDS)


@transaction.atomic
def _begin(claim: Claim) -> Named | None:
    """None when the claim is gone."""
    document = hold(claim)
    if document is None:
        return None
    PassageVector.objects.filter(document=document).delete()
    DocumentPassage.objects.filter(document=document).delete()
    if not document.language:
        document.language = language_of(_sample(document))
    document.passage_count = document.passage_tokens = document.vector_count = 0
    document.save(update_fields=["language", "passage_count", "passage_tokens", "vector_count"])
    return Named(document.filename, document.language)


def _sample(document: Document) -> str:
    texts = _read_pages(document.pk).values_list("text", flat=True)[:PAGES_AT_ONCE]
    return "\n".join(text[:SAMPLE_CHARACTERS] for text in texts)[:SAMPLE_CHARACTERS]


def _read_pages(document_id: UUID) -> QuerySet[DocumentPage]:
    return DocumentPage.objects.filter(document=document_id, state=PageState.READ).order_by("number")


def _pages(claim: Claim, after: int) -> list[Page]:
    rows = _read_pages(claim.document_id).filter(number__gt=after)
    return [Page(*row) for row in rows.values_list("number", "label", "text")[:PAGES_AT_ONCE]]


def _cut(pages: Sequence[Page], named: Named) -> Cut:
    return [(page.number, passages_of_page(**named._asdict(), **page._asdict())) for page in pages]


@transaction.atomic
def _add(claim: Claim, cut: Cut) -> bool:
    """Whether the claim still holds. What is there already, of a commit whose answer got lost, is left as it is."""
    document = hold(claim)
    if document is None:
        return False
    last = document.passages.order_by("-number").values_list("page", flat=True).first() or 0
    passages_add(document, [(page, passages) for page, passages in cut if page > last])
    document.save(update_fields=["passage_count", "passage_tokens"])
    return True


@transaction.atomic
def _finish(claim: Claim) -> None:
    if hold(claim):
        mine = Document.objects.filter(pk=claim.document_id, claimed_by=claim.name)
        mine.update(index_version=INDEX_VERSION, claimed_by="", claimed_until=None)
