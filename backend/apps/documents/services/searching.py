"""Looking through the whole library of a user."""

from collections.abc import Sequence
from uuid import UUID

from apps.accounts.services.identity import user_of
from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.documents.retrieval.library import Hit, library_search


async def documents_search(
    *, caller: Caller, q: str, course_id: UUID | None, document_id: UUID | None, limit: int
) -> Sequence[Hit]:
    """Passages that fit `q`, best first; of nobody there are none. Raises: Unauthorized, Forbidden."""
    return await unit_of_work(_search, caller=caller, q=q, course_id=course_id, document_id=document_id, limit=limit)


def _search(*, caller: Caller, q: str, course_id: UUID | None, document_id: UUID | None, limit: int) -> Sequence[Hit]:
    user = user_of(caller=caller)
    if user is None:
        return ()
    return library_search(user=user, q=q, course_id=course_id, document_id=document_id, limit=limit)
