"""Reads; synchronous, called inside units of work."""

from collections.abc import Sequence

from apps.documents.models import Document, DocumentPage
from apps.documents.passages import Passage, SourcePage, passages_of


def document_passages(*, documents: Sequence[Document]) -> list[Passage]:
    """All passages of `documents` in reading order, documents in the order given; one query."""
    pages: dict[object, list[SourcePage]] = {document.pk: [] for document in documents}
    filenames = {document.pk: document.filename for document in documents}
    rows = DocumentPage.objects.filter(document__in=list(pages), state="read").order_by("number")
    for document_id, number, label, text in rows.values_list("document_id", "number", "label", "text"):
        page = SourcePage(
            document_id=document_id, filename=filenames[document_id], number=number, label=label, text=text
        )
        pages[document_id].append(page)
    return passages_of(page for of_document in pages.values() for page in of_document)
