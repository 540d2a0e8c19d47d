"""Writes; synchronous, called inside units of work."""

from django.db import transaction

from apps.accounts.models import User
from apps.documents.extraction.results import ExtractedDocument
from apps.documents.models import Document, DocumentPage


@transaction.atomic
def document_create(*, user: User, extracted: ExtractedDocument) -> Document:
    """Store what was read of a file; the same content of the same user is stored once and found again."""
    document, created = Document.objects.get_or_create(
        user=user,
        sha256=extracted.sha256,
        defaults={
            "filename": extracted.filename,
            "media_type": extracted.media_type,
            "kind": extracted.kind,
            "size_bytes": extracted.size_bytes,
            "page_count": len(extracted.pages),
            "unread_page_count": sum(page.state != "read" for page in extracted.pages),
            "character_count": sum(len(page.text) for page in extracted.pages),
            "notes": list(extracted.notes),
        },
    )
    if created:
        pages = (
            DocumentPage(document=document, number=page.number, label=page.label, text=page.text, state=page.state)
            for page in extracted.pages
        )
        DocumentPage.objects.bulk_create(pages)
    return document


def documents_absorb(guest: User, user: User) -> None:
    """Move a guest's documents to the user; messages refer to them, so one that both have stays a copy."""
    documents = Document.objects.filter(user=guest)
    had = Document.objects.filter(user=user, sha256__isnull=False)
    documents.filter(sha256__in=had.values("sha256")).update(sha256=None)
    documents.update(user=user)
