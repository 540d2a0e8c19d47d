"""Makes study material: asks a model in rounds until enough has passed, or builds it from the text itself."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal

from fastapi_service.core.errors import ApiError, InvalidInput, ProviderTimeout, SchemaBroken
from fastapi_service.orchestration.chain import Chain
from fastapi_service.orchestration.events import Attempt, Chosen, usage_of
from fastapi_service.orchestration.fitting import tokens_estimate
from fastapi_service.providers.base import Prompt, Usage
from fastapi_service.study.batches import Batch, batches
from fastapi_service.study.collection import Collection, Craft, DraftT, ItemT
from fastapi_service.study.drafts import read_drafts
from fastapi_service.study.duplicates import asked_text
from fastapi_service.study.items import Sources
from fastapi_service.study.prompts import Wanted, messages
from fastapi_service.study.reasons import Reason
from fastapi_service.study.shuffling import random_from

ITEMS_PER_REQUEST = 10  # longer answers break more often, and are lost as a whole
ROUNDS_MAX = 4  # the first, and three to replace what was dropped
DRAFTS_MAX = 4 * ITEMS_PER_REQUEST  # of one answer; the rest is not read
REQUESTS_AT_ONCE = 4
DONE_SHARE = 0.2  # of a prompt's budget, for the questions that the model is told not to repeat
FROM_TEXT = Chosen("text", "text")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `passages` are (id, text)."""

    passages: tuple[tuple[str, str], ...]
    count: int
    kinds: tuple[str, ...]
    difficulty: str | None = None
    language: str | None = None
    provider: str | None = None
    model: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Made(Generic[ItemT]):
    """What could be made; `short_by` is how much less than asked for."""

    items: list[ItemT]
    dropped: Counter[Reason]
    made_from: Literal["model", "text"]
    chosen: Chosen
    attempts: list[Attempt]
    short_by: int

    @property
    def usage(self) -> Usage:
        return usage_of(self.attempts)


async def make(chain: Chain, craft: Craft[DraftT, ItemT], order: Order) -> Made[ItemT]:
    """Items that rest on the passages, as many as asked for if it can be done.

    Raises: InvalidInput (unknown provider or model, blank passages), NoProvider, Overloaded, ProviderError; none once
    an item is made.
    """
    sources = await asyncio.to_thread(Sources, order.passages)
    rng = random_from(order.seed)
    collection = Collection(craft, sources, kinds=order.kinds, count=order.count, rng=rng)
    provider = chain.lane_of(order.provider).provider
    # A model of another provider may be asked for by its name alone; the chain knows whose it is.
    if provider.weak and (order.model is None or order.model in provider.models):
        return await _made_from_text(craft, collection, sources, order)
    rounds = _Rounds(chain, craft, collection, order, done_max_tokens=int(provider.prompt_budget_tokens * DONE_SHARE))
    dealt = batches(sources, prompt_budget_tokens=provider.prompt_budget_tokens)
    if not dealt:
        raise InvalidInput("The passages hold no text.")
    await rounds.run(dealt)
    if rounds.answered_by_weak and not collection.items:
        return await _made_from_text(craft, collection, sources, order, attempts=rounds.attempts)
    return Made(
        collection.items, collection.dropped, "model", rounds.chosen, rounds.attempts, short_by=collection.missing
    )


async def _made_from_text(
    craft: Craft[DraftT, ItemT],
    collection: Collection[DraftT, ItemT],
    sources: Sources,
    order: Order,
    *,
    attempts: Sequence[Attempt] = (),
) -> Made[ItemT]:
    def fill() -> None:
        for draft in craft.from_text(sources, order.kinds, random_from(order.seed)):
            collection.offer(draft)
            if not collection.missing:
                break

    await asyncio.to_thread(fill)
    return Made(collection.items, collection.dropped, "text", FROM_TEXT, list(attempts), short_by=collection.missing)


@dataclass
class _Rounds(Generic[DraftT, ItemT]):
    """The requests to models for one order."""

    chain: Chain
    craft: Craft[DraftT, ItemT]
    collection: Collection[DraftT, ItemT]
    order: Order
    done_max_tokens: int
    chosen: Chosen = field(default_factory=lambda: Chosen("", ""))
    attempts: list[Attempt] = field(default_factory=list)
    answered_by_weak: bool = False
    _failure: ApiError | None = None
    _unusable: ApiError | None = None
    _turn: int = 0

    async def run(self, dealt: Sequence[Batch]) -> None:
        """Ask until there is enough, the rounds are used up, or a provider fails. One deadline holds for it all."""
        try:
            async with asyncio.timeout(self.chain.timeouts.total_s):
                for _ in range(ROUNDS_MAX):
                    missing = self.collection.missing
                    await self._round(dealt)
                    stuck = self._failure is not None and self.collection.missing == missing
                    if not self.collection.missing or stuck or self.answered_by_weak:
                        break
        except TimeoutError:
            self._failure = self._failure or ProviderTimeout(
                "The model was too slow to write this. Please ask for fewer at once.",
                provider=self.chain.lane_of(self.order.provider).provider.name,
                reason="deadline",
            )
        self._failure = self._failure or self._unusable
        # Answers that were read and not believed are no failure: there may be nothing to ask about.
        nothing_read = not self.chosen.provider and not self.answered_by_weak
        if self._failure and nothing_read:
            raise self._failure

    async def _round(self, dealt: Sequence[Batch]) -> None:
        """Ask for all that is missing, spread over the text."""
        missing = self.collection.missing
        requests = max(-(-missing // ITEMS_PER_REQUEST), min(len(dealt), missing))
        done = self._done()
        at_once = asyncio.Semaphore(REQUESTS_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for number in range(requests):
                count = missing * (number + 1) // requests - missing * number // requests
                place = (self._turn + number * max(1, len(dealt) // requests)) % len(dealt)
                group.create_task(self._ask(dealt[place], count, done, at_once))
        self._turn += 1

    def _done(self) -> list[str]:
        """The newest questions so far, each on one line, as many as there is room for."""
        told: list[str] = []
        left = self.done_max_tokens
        for item in reversed(self.collection.items):
            text = " ".join(asked_text(item).split())
            left -= tokens_estimate(text)
            if left < 0:
                break
            told.append(text)
        return told

    async def _ask(self, batch: Batch, count: int, done: Sequence[str], at_once: asyncio.Semaphore) -> None:
        order = self.order
        wanted = Wanted(self.craft.noun, count, order.kinds, order.difficulty, order.language, done)
        prompt = Prompt(
            messages=messages(self.craft.rules, wanted, batch), response_schema=self.craft.schema(order.kinds)
        )
        async with at_once:
            try:
                with self.chain.admit(prompt, provider=order.provider, model=order.model) as run:
                    try:
                        answer, chosen, _ = await run.whole()
                    finally:
                        self.attempts.extend(run.attempts)
            except SchemaBroken as error:
                self.collection.dropped["unusable_answer"] += 1
                self._unusable = error
            except ApiError as error:
                self._failure = self._failure or error
            else:
                self._read(answer.text, chosen)

    def _read(self, text: str, chosen: Chosen) -> None:
        """A weak model's idea of a right answer is not believed, though it satisfies the schema."""
        if any(lane.provider.weak for lane in self.chain.lanes if lane.provider.name == chosen.provider):
            self.answered_by_weak = True
            self.collection.dropped["weak_model"] += 1
            return
        self.chosen = chosen
        drafts = read_drafts(text, self.craft.draft)
        if drafts is None:
            self.collection.dropped["unusable_answer"] += 1
        for draft in (drafts or ())[:DRAFTS_MAX]:
            self.collection.offer(draft)
