"""What an answer takes of its owner's quota: reserved before it begins, settled when it ends. Parts of units of work.

A prompt is estimated from above before it is built. What was used is the providers' own account where they gave one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.accounts.models import User
from apps.chat.models import LIVE, Generation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.pictures import PICTURE_TOKENS
from apps.chat.prompts import MESSAGE_OVERHEAD_TOKENS, SYSTEM, SYSTEM_WITH_PASSAGES
from apps.chat.written import NOTHING_WRITTEN, Written
from apps.core.errors import QuotaExceeded
from apps.core.tokens import tokens_estimate
from apps.usage.models import Kind
from apps.usage.services.ledger import reservations_lost, usage_book, usage_settle, usage_settle_lost
from apps.usage.services.quotas import ANSWER_MIN_TOKENS, Wanted, usage_reserve
from apps.usage.services.subjects import address_subject
from apps.usage.services.tariffs import LOCAL, Tariff, Used

MARGIN_TOKENS = 100  # of a prompt: the marks around passages and what is said of those left out
STREAMS_RETRY_SECONDS = 5


@dataclass(frozen=True)
class Asked:
    """What was sent to the worker for an answer, in all its epochs, and when the first of its tokens came."""

    messages: Sequence[Mapping[str, str]] = ()
    requests: int = 0  # that a provider may have read: those of which anything was heard, and one per epoch before
    begun: str = ""  # the text that the last of them was to go on from, without what stands in `continued`
    granted_tokens: int | None = None  # None: nothing was reserved
    pictures: int = 0  # beside the messages
    continued: Written = NOTHING_WRITTEN  # of an earlier answer, with which this one begins: it was settled there
    first_token_at: datetime | None = None  # None: none came, or it was another process that saw it

    @property
    def prompt_tokens(self) -> int:
        """An upper estimate."""
        texts = sum(tokens_estimate(message["content"]) + MESSAGE_OVERHEAD_TOKENS for message in self.messages)
        return texts + self.pictures * PICTURE_TOKENS + tokens_estimate(self.continued.text)

    def written_tokens(self, text: str) -> int:
        """An estimate, and no more than the provider was allowed to write."""
        tokens = tokens_estimate(text)
        return tokens if self.granted_tokens is None else min(tokens, self.granted_tokens)


NOTHING_ASKED = Asked()


def streams_live(user: User) -> int:
    """How many of the user's answers are being written, or wait for somebody who writes them."""
    return Generation.objects.filter(conversation__user=user, state__in=LIVE).count()


def refuse_too_many_streams(user: User) -> None:
    """To be asked under the user's lock. Raises: QuotaExceeded."""
    most = settings.STREAMS_PER_USER_MAX
    if settings.RATE_LIMITS and streams_live(user) >= most:
        raise QuotaExceeded(
            f"You have {most} answers being written already. Wait for one to end, or stop one.",
            code="too_many_streams",
            retry_after_s=STREAMS_RETRY_SECONDS,
        )


def answer_reserve(
    generation: Generation,
    *,
    user: User,
    prompt: Message,
    has_files: bool,
    begun: Written,
    address: str,
    tariff: Tariff,
    now: datetime,
) -> int | None:
    """Reserve what the answer may take; the tokens that it may have, None where it is free.

    What it is `begun` with is sent along, and is none of those. Raises: QuotaExceeded.
    """
    if tariff.is_free:
        return None
    return usage_reserve(
        user,
        key=generation.pk,
        kind=Kind.ANSWER,
        address=address_subject(address) if user.is_guest else "",
        wanted=Wanted(_prompt_bound(prompt, has_files=has_files, begun=begun), settings.CHAT_ANSWER_MAX_TOKENS),
        price=tariff.price,
        now=now,
    )


def _prompt_bound(prompt: Message, *, has_files: bool, begun: Written) -> int:
    """At most so many tokens will be sent; see `prompts.prompt_build`, which fills them."""
    system = SYSTEM_WITH_PASSAGES if has_files else SYSTEM
    alone = tokens_estimate(system) + tokens_estimate(prompt.text) + 2 * MESSAGE_OVERHEAD_TOKENS
    grows = has_files or prompt.parent_id is not None
    most = max(alone, settings.CHAT_HISTORY_MAX_TOKENS) + MARGIN_TOKENS if grows else alone
    return most + tokens_estimate(begun.text)


def output_left(granted_tokens: int, *, begun: str) -> int:
    """What an answer may still have that has begun so; never so little that it could not be brought to an end."""
    return max(granted_tokens - tokens_estimate(begun), min(granted_tokens, ANSWER_MIN_TOKENS))


def answer_settle(answer: Message, *, generation_id: UUID, outcome: Outcome, written: Written, asked: Asked) -> None:
    """Settle what an answer has used, in the transaction that saves it."""
    now = datetime.now(UTC)
    used = used_by(outcome, written=written, asked=asked)
    if asked.granted_tokens is not None:
        usage_settle(generation_id, used=used, now=now)
    elif any(each.provider not in ("", LOCAL) for each in used):
        # It was to be free, and another provider has come into the chain since it was asked for.
        usage_book(answer.user, key=generation_id, used=used, now=now)


def used_by(outcome: Outcome, *, written: Written, asked: Asked) -> list[Used]:
    """By what the providers said; where they could not, by estimates: each request has sent the prompt once more."""
    if not outcome.said:
        return _estimated(outcome.state, written=written, asked=asked)
    before = asked.requests - 1
    earlier = Used(
        written.provider,
        written.model,
        input_tokens=before * asked.prompt_tokens,
        output_tokens=asked.written_tokens(asked.begun),
    )
    return [*([earlier] if before > 0 else []), *said_used(outcome.said, asked=asked)]


def _estimated(state: State, *, written: Written, asked: Asked) -> list[Used]:
    """Of an answer that was stopped or has failed; nothing, where no provider had begun to work on it."""
    text = written.since(asked.continued)
    if not text and not (written.provider and state == State.STOPPED):
        return []
    tokens = asked.requests * asked.prompt_tokens
    return [Used(written.provider, written.model, tokens, asked.written_tokens(text))]


def said_used(said: Mapping[str, Any], *, asked: Asked) -> list[Used]:
    """What each attempt of the worker took, by its own account. Any: JSON.

    An attempt that broke off before its usage was said has read the prompt, if it has written anything.
    """
    return [
        Used(
            attempt["provider"],
            attempt["model"],
            input_tokens=attempt["input_tokens"] or (asked.prompt_tokens if attempt["output_tokens"] else 0),
            output_tokens=attempt["output_tokens"],
        )
        for attempt in said.get("attempts") or []
    ]


def answers_settle_lost(*, now: datetime) -> int:
    """Settle what was reserved for answers that are no more, such as those of a deleted conversation."""
    keys = reservations_lost(now=now)
    if not keys:
        return 0
    live = set(Generation.objects.filter(pk__in=keys, state__in=LIVE).values_list("pk", flat=True))
    return usage_settle_lost([key for key in keys if key not in live], now=now)
