"""Saving an answer: message, final state and the last frames in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.chat import frames as own_frames
from apps.chat.citations import sources_of
from apps.chat.models import Conversation, Generation, Message, Role
from apps.chat.notices import Notice
from apps.chat.outcomes import Outcome
from apps.chat.receipts import receipt_of
from apps.chat.services import transitions
from apps.chat.services.frame_log import Piece, frames_insert
from apps.chat.services.indexing import entries_add, message_entry
from apps.chat.services.metering import NOTHING_ASKED, Asked, answer_settle
from apps.chat.written import Written, written_of
from apps.documents.passages import Passage

Part = dict[str, Any]  # as in schemas.py


@dataclass(frozen=True, slots=True)
class RunKey:
    """Who runs which generation: what every write of a run is conditional on."""

    generation_id: UUID
    epoch: int
    owner: str


def generation_finish(
    run: RunKey,
    *,
    outcome: Outcome,
    frames: Sequence[bytes] = (),
    unsaved: Piece | None = None,
    passages: Sequence[Passage] = (),
    best: Sequence[int] = (),
    notices: Sequence[Notice] = (),
    asked: Asked = NOTHING_ASKED,
) -> list[bytes] | None:
    """Save the answer whole, with its final state, and return the last frames of its stream.

    `frames` are all of the run, `unsaved` is what the log has not yet, `asked` is what providers were sent for it.
    `passages` are those of its prompt, `best` the positions of those that fit the question best.
    None, and nothing is saved, when the run is another's by now, has ended, or was deleted.
    """
    written = written_of(frames)
    # Before the transaction: what its text claims is checked without the database.
    parts = _parts_of(written, sources_of(written.text, passages, best), notices)
    try:
        return _generation_finish(run, outcome, written, unsaved, parts, asked)
    except IntegrityError:
        # Whose answer it is has changed at this moment: a guest signed in, and is a user now.
        return _generation_finish(run, outcome, written, unsaved, parts, asked)


@transaction.atomic
def _generation_finish(
    run: RunKey,
    outcome: Outcome,
    written: Written,
    unsaved: Piece | None,
    parts: list[Part],
    asked: Asked,
) -> list[bytes] | None:
    _user_lock(run.generation_id)
    if not transitions.end(generation_id=run.generation_id, epoch=run.epoch, owner=run.owner, state=outcome.state):
        return None
    answer = _answer_create(
        run.generation_id, outcome=outcome, written=written, parts=parts, first_token_at=asked.first_token_at
    )
    answer_settle(answer, generation_id=run.generation_id, outcome=outcome, written=written, asked=asked)
    last = own_frames.ending(answer, outcome)
    if settings.GENERATION_LOG and unsaved:
        frames_insert([replace(unsaved, frames=[*unsaved.frames, *last])])
    return last


def _user_lock(generation_id: UUID) -> None:
    """Lock whose answer it is before all else, as whoever gives a guest's things to a user does: else both would wait.

    A guest that has just become a user is no more; what follows then finds the user.
    """
    owner = User.objects.filter(conversations__generations=generation_id)
    owner.select_for_update(no_key=True, of=("self",)).first()


def _parts_of(written: Written, sources: Sequence[Part], notices: Sequence[Notice]) -> list[Part]:
    return [
        *([{"type": "reasoning", "text": written.reasoning}] if written.reasoning else []),
        *sources,
        *({"type": "notice", "code": notice.code, "message": notice.message} for notice in notices),
    ]


def _answer_create(
    generation_id: UUID, *, outcome: Outcome, written: Written, parts: list[Part], first_token_at: datetime | None
) -> Message:
    generation = Generation.objects.select_related("user_message").get(pk=generation_id)
    usage = outcome.said.get("usage") or {}
    now = datetime.now(UTC)
    answer = Message.objects.create(
        id=generation.answer_id,
        conversation_id=generation.conversation_id,
        user_id=generation.user_message.user_id,
        parent=generation.user_message,
        role=Role.ASSISTANT,
        text=written.text,
        parts=parts,
        state=outcome.state,
        error=_error_of(outcome.problem),
        provider=written.provider,
        model=written.model,
        finish_reason=str(outcome.said.get("finish_reason") or ""),
        input_tokens=usage.get("input_tokens"),
        output_tokens=usage.get("output_tokens"),
        receipt=receipt_of(outcome, asked_at=generation.created_at, first_token_at=first_token_at, ended_at=now),
        created_at=now,
    )
    entries_add([message_entry(answer)])
    conversation = Conversation.with_deleted.filter(pk=generation.conversation_id)  # one that comes back has it
    conversation.update(updated_at=answer.created_at)
    # Who went to another branch meanwhile stays there.
    conversation.filter(active_leaf=generation.user_message_id).update(active_leaf=answer)
    return answer


def _error_of(problem: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is kept of a problem document: enough to tell it again."""
    names = ("code", "detail", "status", "retry_after_s")
    return problem and {name: problem[name] for name in names if problem.get(name) is not None}
