"""What happens here when Django deletes a document, by whatever way: alone, with its user, in the admin."""

from typing import Any

from apps.documents.models import Document
from apps.documents.services.deleting import file_note_removed


def remember_the_bytes(sender: Any, instance: Document, **kwargs: Any) -> None:
    """Any: as Django sends it."""
    if instance.stored_as:
        file_note_removed(instance.stored_as)
