"""From a committed prompt to what the model reads: waits for files that are being read, and asks what it means."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from django.conf import settings

from apps.chat.notices import Notice
from apps.chat.pictures import PICTURE_TOKENS
from apps.chat.prompts import BuiltPrompt, pictures_room
from apps.chat.services.prompting import Gathered, prompt_gather, prompt_make
from apps.chat.services.showing import pictures_show
from apps.core.async_client import worker
from apps.core.errors import ApiError
from apps.core.units_of_work import unit_of_work
from apps.documents.retrieval.vectors import QueryVector
from apps.documents.schemas import DocumentOut
from apps.documents.services.ingesting import ingest
from apps.documents.services.progress import Follower, progress

QUERY_VECTOR_SECONDS = 1.5  # then it is looked for by its words alone
QUERY_MAX_CHARS = 2_000
Tell = Callable[[Notice], None]


async def prompt_prepare(
    *, user_message_id: UUID, budget_tokens: int, request_id: str, unseen: str, tell: Tell
) -> BuiltPrompt:
    """Build the prompt; `tell` hears of files that are waited for, at most DOCUMENT_WAIT_SECONDS.

    `unseen` says why no picture can go to the model, but only what was read in it; empty: it sees.
    """
    gathered = await unit_of_work(prompt_gather, user_message_id=user_message_id)
    if gathered.unsettled:
        await _read_through([document.pk for document in gathered.unsettled], tell)
        gathered = await unit_of_work(prompt_gather, user_message_id=user_message_id)
    room = pictures_room(gathered.question, budget_tokens=budget_tokens)
    shown = await pictures_show(gathered.pictures, unseen=unseen, room=room)
    left_tokens = budget_tokens - len(shown.pictures) * PICTURE_TOKENS
    vector = await _query_vector(gathered, budget_tokens=left_tokens, request_id=request_id)
    return await unit_of_work(prompt_make, gathered, query_vector=vector, budget_tokens=budget_tokens, shown=shown)


async def _read_through(document_ids: Sequence[UUID], tell: Tell) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + settings.DOCUMENT_WAIT_SECONDS
    follower = Follower(document_ids=document_ids)
    known: dict[UUID, DocumentOut] = {}
    ingest().nudge()
    with progress().following(follower):
        while not follower.all_settled and not follower.is_closed and (left_s := until - loop.time()) > 0:
            changed = await follower.changes(within_s=left_s)
            known.update((document.id, document) for document in changed)
            if changed and not follower.all_settled:
                tell(_reading(known.values()))


def _reading(documents: Collection[DocumentOut]) -> Notice:
    done, pages = (sum(getattr(document, name) for document in documents) for name in ("pages_done", "pages"))
    so_far = f": {done:,} of {pages:,} pages so far" if pages else ""
    return Notice("documents_reading", f"The files are being read{so_far}.")


async def _query_vector(gathered: Gathered, *, budget_tokens: int, request_id: str) -> QueryVector | None:
    """None where everything goes in anyway, where nothing has vectors, or where the worker does not say it soon."""
    has_vectors = any(document.vector_count for document in gathered.documents)
    if not has_vectors or gathered.is_whole(budget_tokens):
        return None
    try:
        said = await worker().embeddings(
            [gathered.question[:QUERY_MAX_CHARS]],
            kind="query",
            request_id=request_id,
            timeout_s=QUERY_VECTOR_SECONDS,
        )
    except ApiError:
        return None
    return QueryVector(said.model, said.vectors[0])
