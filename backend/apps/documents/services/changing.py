"""Changing what a user says of a document. A unit of work."""

from uuid import UUID

from django.db import transaction

from apps.accounts.services.identity import user_of
from apps.core.access import Caller
from apps.courses.selectors import access_course
from apps.documents.models import Document
from apps.documents.schemas import DocumentPatch
from apps.documents.selectors import access_document


@transaction.atomic
def document_update(*, caller: Caller, document_id: UUID, patch: DocumentPatch) -> Document:
    """Set what the patch names. Raises: NotFound, also for somebody else's course."""
    user = user_of(caller=caller)
    document = access_document(user=user, document_id=document_id)
    if patch.course_id:
        access_course(user=user, course_id=patch.course_id)
    if changes := patch.model_dump(exclude_unset=True):
        # What is not named here may be changing just now, by the process that reads it.
        Document.objects.filter(pk=document.pk).update(**changes)
        document.refresh_from_db()
    return document
