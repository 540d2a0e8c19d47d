"""Taking over the answers that wait: each continues, in a new epoch, from what the log has of it. Units of work."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.chat import frames, selectors
from apps.chat.models import Generation, GenerationFrame, State
from apps.chat.services import transitions
from apps.chat.services.finishing import RunKey
from apps.chat.services.frame_log import Piece, frames_insert, frames_of
from apps.chat.services.leasing import leases_revoke
from apps.chat.services.starting import Started
from apps.chat.written import NOTHING_WRITTEN, Written, written_in, written_of
from apps.core.units_of_work import DATABASE_AWAY
from apps.usage.services.ledger import granted_output

log = logging.getLogger("lamla.generation")
# What frames raise that another version of the worker wrote: the answer is begun anew.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
AT_ONCE = 20  # claimed in one round, so that other processes get their share


@dataclass(frozen=True)
class Claimed:
    """A run that this process now has; `first` are the frames that its epoch begins with, saved already."""

    key: RunKey
    started: Started
    first: Sequence[bytes]
    stop_requested: bool


def generations_claim(*, owner: str, room: int) -> list[Claimed]:
    """Take the leases of the dead away, and up to `room` of the runs that wait for somebody."""
    leases_revoke(me=owner)
    waiting = Generation.objects.filter(state=State.PENDING).order_by("created_at")
    ids = list(waiting.values_list("pk", flat=True)[: min(room, AT_ONCE)])
    return [claimed for pk in ids if (claimed := _claim_alone(pk, owner=owner))]


def _claim_alone(pk: UUID, *, owner: str) -> Claimed | None:
    """None also for one that cannot be taken over, which must not keep the others from it."""
    try:
        return _claim(pk, owner=owner)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        log.error("generation=%s cannot be taken over: %s", pk, type(error).__name__)
        return None


@transaction.atomic
def _claim(pk: UUID, *, owner: str) -> Claimed | None:
    """None when another process came first."""
    waiting = Generation.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = waiting.select_related("user_message", "continues")
    generation = waiting.filter(pk=pk, state=State.PENDING).first()
    if generation is None:
        return None
    if not transitions.claim(generation_id=generation.pk, epoch=generation.epoch, owner=owner):
        return None
    key = RunKey(generation.pk, generation.epoch + 1, owner)
    started = _started(generation)
    first = frames.resumed(started, _worth_going_on(generation))
    GenerationFrame.objects.filter(generation=generation).delete()
    if settings.GENERATION_LOG:
        frames_insert([Piece(key.generation_id, key.epoch, 1, first)])
    return Claimed(key=key, started=started, first=first, stop_requested=generation.stop_requested)


def _worth_going_on(generation: Generation) -> Written:
    """What is written so far; what it began with, where that is too little to go on from, unless it is all there is."""
    begun = _begun(generation)
    try:
        written = written_of(frames_of(generation_id=generation.pk, epoch=generation.epoch))
    except UNREADABLE:
        return begun
    least = 0 if generation.stop_requested else settings.GENERATION_CONTINUE_MIN_CHARS
    return written if len(written.text) >= max(least, len(begun.text)) else begun


def _begun(generation: Generation) -> Written:
    return written_in(generation.continues) if generation.continues else NOTHING_WRITTEN


def _started(generation: Generation) -> Started:
    prompt = generation.user_message
    return Started(
        generation_id=generation.pk,
        conversation_id=generation.conversation_id,
        user_message_id=prompt.pk,
        user_id=prompt.user_id,
        answer_id=generation.answer_id,
        session_key="",
        is_new=False,
        request_id=generation.request_id,
        provider=generation.provider,
        model=generation.model,
        granted_tokens=granted_output(generation.pk),
        documents=tuple(selectors.prompt_documents(prompt)),
        begun=_begun(generation),
    )
