"""The only module that changes a generation's state after its start.

Each change is one conditional UPDATE, so that of two owners at most one ends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.chat.models import LIVE, Conversation, Generation, Message, Role, State
from apps.chat.prompts import Notice
from apps.chat.services.ownership import is_known_dead
from apps.core.sse import is_frame, members_of
from apps.documents.passages import Passage

SOURCES_MAX = 8  # shown when the answer marks none of its passages
REAP_GRACE_SECONDS = 60  # past its deadline a run has surely ended, even if its process cannot say so
CITED = re.compile(r"\[(\d{1,3})\]")
INTERRUPTED = {
    "code": "server_restarted",
    "detail": "The server was restarted while this answer was being written. Your question is saved; try again.",
}


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `said` is the worker's own account of it (finish reason, usage)."""

    state: State
    said: dict[str, Any] = field(default_factory=dict)
    problem: dict[str, Any] | None = None


@transaction.atomic
def generation_finish(
    *,
    generation_id: UUID,
    epoch: int,
    outcome: Outcome,
    frames: Sequence[bytes] = (),
    passages: Sequence[Passage] = (),
    notices: Sequence[Notice] = (),
) -> Message | None:
    """Save the answer whole, with its final state; None when somebody else has ended it (or it was deleted)."""
    changed = Generation.objects.filter(pk=generation_id, epoch=epoch, state__in=LIVE).update(
        state=outcome.state, ended_at=datetime.now(UTC)
    )
    if not changed:
        return None
    generation = Generation.objects.select_related("user_message").get(pk=generation_id)
    written = _written(frames)
    usage = outcome.said.get("usage") or {}
    answer = Message.objects.create(
        id=generation.answer_id,
        conversation_id=generation.conversation_id,
        user_id=generation.user_message.user_id,
        parent=generation.user_message,
        role=Role.ASSISTANT,
        text=written.text,
        parts=[
            *([{"type": "reasoning", "text": written.reasoning}] if written.reasoning else []),
            *sources_of(written.text, passages),
            *({"type": "notice", "code": notice.code, "message": notice.message} for notice in notices),
        ],
        state=outcome.state,
        error=outcome.problem and {"code": outcome.problem["code"], "detail": outcome.problem["detail"]},
        provider=written.provider,
        model=written.model,
        finish_reason=str(outcome.said.get("finish_reason") or ""),
        input_tokens=usage.get("input_tokens"),
        output_tokens=usage.get("output_tokens"),
    )
    Conversation.objects.filter(pk=generation.conversation_id).update(active_leaf=answer, updated_at=answer.created_at)
    return answer


@dataclass
class _Written:
    text: str = ""
    reasoning: str = ""
    provider: str = ""
    model: str = ""


def _written(frames: Sequence[bytes]) -> _Written:
    """What the frames of a run say; parsed here, once, since the stream passes them on as bytes."""
    written = _Written()
    text, reasoning = [], []
    for frame in frames:
        if is_frame(frame, "text-delta"):
            text.append(members_of(frame)["delta"])
        elif is_frame(frame, "reasoning-delta"):
            reasoning.append(members_of(frame)["delta"])
        elif is_frame(frame, "message-metadata"):
            chosen = members_of(frame)["messageMetadata"]
            written.provider, written.model = chosen.get("provider", ""), chosen.get("model", "")
    # A model may emit a NUL, which Postgres refuses: it must not cost the whole answer.
    written.text, written.reasoning = ("".join(parts).replace("\x00", "") for parts in (text, reasoning))
    return written


def sources_of(text: str, passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """The passages that the answer marks with `[n]`; the first few of all when it marks none."""
    marked = {int(n) for n in CITED.findall(text)}
    numbered = list(enumerate(passages, 1))
    shown = [(n, passage) for n, passage in numbered if n in marked] or numbered[:SOURCES_MAX]
    return [
        {
            "type": "source",
            "n": n,
            "document_id": str(passage.document_id),
            "filename": passage.filename,
            "page": passage.page,
            "label": passage.label,
            "quote": passage.text,
        }
        for n, passage in shown
    ]


@transaction.atomic
def generation_reap(*, conversation_id: UUID | None = None) -> int:
    """End the runs whose process is gone, in one conversation or in all; return how many."""
    live = Generation.objects.filter(state__in=LIVE)
    if conversation_id is not None:
        live = live.filter(conversation_id=conversation_id)
    too_old = datetime.now(UTC) - timedelta(seconds=settings.GENERATION_DEADLINE_SECONDS + REAP_GRACE_SECONDS)
    dead = [run for run in live if run.created_at < too_old or is_known_dead(run.owner)]
    for run in dead:
        outcome = Outcome(State.FAILED, problem=INTERRUPTED)
        generation_finish(generation_id=run.pk, epoch=run.epoch, outcome=outcome)
    return len(dead)
