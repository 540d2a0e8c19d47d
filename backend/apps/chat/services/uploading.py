"""Files that come with a prompt: stored, and read as far as they are by the time the prompt is committed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from apps.chat.schemas import ChatRequest
from apps.core.access import Caller
from apps.core.async_client import error_of
from apps.core.errors import InvalidInput
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentState
from apps.documents.services.ingesting import ingest
from apps.documents.services.storing import documents_add, documents_take_back

REFUSED_STATUS = 422
STREAM_WAIT_SECONDS = 5.0  # then its frames tell how reading goes on


@dataclass(frozen=True)
class Sent:
    """A prompt that names the documents which came with it; `session_key` is that of a guest that may be new."""

    caller: Caller
    body: ChatRequest
    session_key: str


async def files_take(
    *,
    caller: Caller,
    files: Sequence[UploadedFile],  # type: ignore[type-arg]  # generic in its stubs alone
    body: ChatRequest,
    is_stream: bool,
) -> Sent:
    """Store the files and wait for them to be read, at most DOCUMENT_WAIT_SECONDS; a stream waits for less.

    Raises: InvalidInput where nothing new is asked; what `documents_add` raises; ProviderError with the problem of a
    file that cannot be read. Of new files nothing is kept then.
    """
    if body.trigger != "submit":
        raise InvalidInput(f"A {body.trigger} takes no files: it answers what was asked before.")
    added = await documents_add(caller=caller, files=files)
    ids = [one.document_id for one in added]
    patience_s = min(STREAM_WAIT_SECONDS, settings.DOCUMENT_WAIT_SECONDS) if is_stream else None
    await ingest().settled(ids, within_s=settings.DOCUMENT_WAIT_SECONDS if patience_s is None else patience_s)
    if failed := await unit_of_work(_failed, ids):
        await documents_take_back([one.document_id for one in added if one.is_new])
        raise error_of({"status": REFUSED_STATUS, **(failed.problem or {})})
    session_key = next((one.session_key for one in added if one.session_key), "")
    return Sent(
        caller=replace(caller, session_key=session_key) if session_key else caller,
        body=body.model_copy(update={"document_ids": list(dict.fromkeys([*body.document_ids, *ids]))}),
        session_key=session_key,
    )


def _failed(ids: Sequence[UUID]) -> Document | None:
    return Document.objects.filter(pk__in=ids, state=DocumentState.FAILED).order_by("created_at").first()
