from datetime import datetime
from uuid import UUID

from ninja import Schema

from apps.documents.models import Document


class DocumentOut(Schema):
    """A file as the student sees it: what was read, and what was not."""

    id: UUID
    filename: str
    media_type: str
    kind: str
    pages: int
    characters: int
    pages_empty: int  # without text: blank, pictures only, or damaged
    notes: list[str]
    created_at: datetime

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        return cls(
            id=document.id,
            filename=document.filename,
            media_type=document.media_type,
            kind=document.kind,
            pages=document.page_count,
            characters=document.character_count,
            pages_empty=document.unread_page_count,
            notes=document.notes,
            created_at=document.created_at,
        )
