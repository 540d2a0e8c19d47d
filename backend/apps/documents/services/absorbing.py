"""What a guest has uploaded becomes the user's. Their bytes stay where they are: a document knows its own place."""

from apps.accounts.models import User
from apps.documents.models import Document


def documents_absorb(guest: User, user: User) -> None:
    """Move a guest's documents to the user; messages refer to them, so one that both have stays a copy."""
    documents = Document.objects.filter(user=guest)
    had = Document.objects.filter(user=user, sha256__isnull=False)
    documents.filter(sha256__in=had.values("sha256")).update(sha256=None)
    documents.update(user=user)
