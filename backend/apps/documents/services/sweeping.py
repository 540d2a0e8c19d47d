"""What every gateway cleans up now and then, whoever left it: files that never arrived, bytes without a document."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentState
from apps.documents.services.deleting import ARRIVING_SECONDS, removed_files_delete

AT_ONCE = 100


async def sweep() -> None:
    await unit_of_work(arriving_delete)
    await removed_files_delete()


@transaction.atomic
def arriving_delete() -> int:
    """Rows whose process died before their bytes were stored; what there is of those is noted to be removed."""
    old = Document.objects.filter(
        state=DocumentState.ARRIVING, created_at__lt=Now() - timedelta(seconds=ARRIVING_SECONDS)
    )
    # Locked, so that none arrives between being found and being deleted.
    ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    deleted, _ = old.filter(pk__in=ids).delete() if ids else (0, {})
    return deleted
