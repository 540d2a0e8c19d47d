"""Answers and quotas: reserved with the prompt, settled with the answer, whoever comes first and however it ends."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.chat.models import Conversation, Generation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.prompts import prompt_build
from apps.chat.schemas import ChatRequest
from apps.chat.services import titling
from apps.chat.services.claiming import generations_claim
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.leasing import lease_take
from apps.chat.services.metering import Asked, answers_settle_lost, output_left, used_by
from apps.chat.services.starting import Started, generation_start
from apps.chat.tests.threads import concurrently
from apps.chat.written import Written
from apps.core.access import Caller
from apps.core.errors import QuotaExceeded
from apps.core.sse import frame
from apps.core.units_of_work import unit_of_work
from apps.usage.models import DailyUsage, EntryState, UsageEntry
from apps.usage.selectors import usage_get
from apps.usage.services.subjects import address_subject, user_subject
from apps.usage.services.tariffs import Price, Tariff, Used

pytestmark = pytest.mark.django_db(transaction=True)
OWNER = "host/machine/1/token"
HERE = "192.0.2.1"
FREE = Tariff(is_free=True, price=Price())
PAID = Tariff(is_free=False, price=Price())
MESSAGES = ({"role": "user", "content": "x" * 276},)  # 92 tokens, and 8 of the template
WROTE = Written(text="y" * 30, provider="deepseek", model="chat")  # 10 tokens
CHOSEN = frame("message-metadata", messageMetadata={"provider": "deepseek", "model": "chat"})


@pytest.fixture(autouse=True)
def limits(settings: LazySettings) -> None:
    settings.QUOTA_USER_TOKENS_PER_DAY = settings.QUOTA_GUEST_TOKENS_PER_DAY = 5_000
    settings.CHAT_ANSWER_MAX_TOKENS = 900


def start(caller: Caller, message: str = "Hello", *, tariff: Tariff = PAID, **fields: Any) -> Started:
    return generation_start(caller=caller, body=ChatRequest(message=message, **fields), owner=OWNER, tariff=tariff)


def stranger(address: str = HERE) -> Caller:
    """Who sends no cookie: each is a guest of its own."""
    return Caller(session_key=None, request_id="r", address=address)


def finish(started: Started, *, state: State = State.COMPLETE, asked: Asked | None = None, **attempt: int) -> None:
    """End it as a run does; with an `attempt`, by what the provider has said."""
    attempts = [{"provider": "deepseek", "model": "chat", **attempt}] if attempt else []
    said = {"finish_reason": "stop", "usage": {}, "attempts": attempts} if attempt else {}
    asked = asked or Asked(messages=MESSAGES, requests=1, granted_tokens=started.granted_tokens)
    told = generation_finish(
        RunKey(started.generation_id, 1, OWNER),
        outcome=Outcome(state, said=said),
        frames=[CHOSEN, frame("text-delta", id="answer", delta="y" * 30)],
        asked=asked,
    )
    assert told is not None


def day_of(subject: str) -> tuple[int, int]:
    row = DailyUsage.objects.get(subject=subject)
    return row.reserved_tokens, row.spent_tokens


def code_of(call: Callable[[], object]) -> str:
    try:
        call()
    except QuotaExceeded as refused:
        return refused.code
    return ""


def test_an_answer_is_reserved_with_its_prompt_and_settled_with_its_end(caller: Caller) -> None:
    started = start(caller)
    assert started.granted_tokens == 900
    entry = UsageEntry.objects.get()
    assert entry.generation_id == started.generation_id
    assert 900 < entry.reserved_tokens < 1_100
    finish(started, input_tokens=50, output_tokens=20)
    assert day_of(user_subject(started.user_id)) == (0, 70)


def test_of_an_answer_for_which_nothing_is_left_nothing_is_stored(caller: Caller, settings: LazySettings) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 250
    assert code_of(lambda: start(caller)) == "quota_exceeded"
    assert [model.objects.count() for model in (Conversation, Message, UsageEntry)] == [0, 0, 0]
    assert start(caller, tariff=FREE).granted_tokens is None
    assert not UsageEntry.objects.exists()


def test_a_prompt_that_is_sent_again_is_not_reserved_again(caller: Caller) -> None:
    first = start(caller, client_message_id="one")
    again = start(caller, client_message_id="one")
    assert (again.generation_id, again.is_new) == (first.generation_id, False)
    assert UsageEntry.objects.count() == 1


def test_more_is_reserved_where_the_conversation_is_sent_along(caller: Caller, settings: LazySettings) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 0
    first = start(caller)
    finish(first, input_tokens=50, output_tokens=20)
    start(caller, "And?", conversation_id=first.conversation_id)
    small, large = UsageEntry.objects.order_by("pk").values_list("reserved_tokens", flat=True)
    assert small < 1_100
    assert large >= settings.CHAT_HISTORY_MAX_TOKENS + 900


def test_guests_of_one_address_cannot_pass_its_quota_together() -> None:
    began: list[Started] = []

    def ask(_: int) -> None:
        if code_of(lambda: began.append(start(stranger()))) not in ("", "quota_exceeded"):
            raise AssertionError("refused for another reason")

    concurrently(ask, range(30))
    reserved, spent = day_of(address_subject(HERE))
    assert 0 < reserved <= 5_000
    assert spent == 0
    assert len(began) == UsageEntry.objects.count() == 5

    concurrently(lambda started: finish(started, input_tokens=50, output_tokens=20), began)
    assert day_of(address_subject(HERE)) == (0, 350)
    assert set(DailyUsage.objects.values_list("reserved_tokens", flat=True)) == {0}
    assert start(stranger("192.0.2.2")).granted_tokens == 900


def test_ends_and_beginnings_at_once_leave_no_reservation(settings: LazySettings) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 20_000

    def ask(number: int) -> None:
        started = start(stranger())
        finish(started, state=State.STOPPED if number % 2 else State.COMPLETE)

    concurrently(ask, range(40))
    assert day_of(address_subject(HERE)) == (0, 40 * 110)
    assert not UsageEntry.objects.filter(state=EntryState.RESERVED).exists()


@pytest.mark.parametrize("tariff", [FREE, PAID], ids=["free", "paid"])
def test_a_user_has_a_few_answers_at_once(caller: Caller, settings: LazySettings, tariff: Tariff) -> None:
    settings.RATE_LIMITS, settings.STREAMS_PER_USER_MAX = True, 3
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 0
    codes = concurrently(lambda _: code_of(lambda: start(caller, tariff=tariff)), range(9))
    assert sorted(codes) == [""] * 3 + ["too_many_streams"] * 6
    assert Message.objects.count() == 3
    assert usage_get(caller=caller, now=datetime.now(UTC)).streams.running == 3
    Generation.objects.filter(pk=Generation.objects.values("pk")[:1]).update(state=State.COMPLETE)
    assert code_of(lambda: start(caller, tariff=tariff)) == ""


def test_the_turns_of_a_minute_are_taken_by_all_who_ask_at_once(caller: Caller, settings: LazySettings) -> None:
    settings.RATE_LIMITS, settings.STREAMS_PER_USER_MAX = True, 100
    settings.RATES_PER_MINUTE = {"chat": {"user": 5, "guest": 5, "address": 8}}
    codes = concurrently(lambda _: code_of(lambda: start(caller, tariff=FREE)), range(12))
    assert sorted(codes) == [""] * 5 + ["rate_limited"] * 7
    codes = concurrently(lambda _: code_of(lambda: start(stranger(""), tariff=FREE)), range(6))
    assert sorted(codes) == [""] * 3 + ["rate_limited"] * 3  # the same address as the first one's
    assert Message.objects.count() == 8


@pytest.mark.parametrize(
    ("outcome", "written", "asked", "used"),
    [
        pytest.param(
            Outcome(State.STOPPED), WROTE, Asked(MESSAGES, 1), [Used("deepseek", "chat", 100, 10)], id="stopped"
        ),
        pytest.param(
            Outcome(State.STOPPED),
            Written(provider="deepseek", model="chat"),
            Asked(MESSAGES, 1),
            [Used("deepseek", "chat", 100, 0)],
            id="stopped before its first word",
        ),
        pytest.param(Outcome(State.STOPPED), Written(), Asked(MESSAGES, 0), [], id="stopped before it was sent"),
        pytest.param(
            Outcome(State.FAILED), WROTE, Asked(MESSAGES, 1), [Used("deepseek", "chat", 100, 10)], id="broken off"
        ),
        pytest.param(
            Outcome(State.FAILED),
            Written(provider="deepseek", model="chat"),
            Asked(MESSAGES, 1),
            [],
            id="refused by the provider",
        ),
        pytest.param(
            Outcome(State.STOPPED),
            WROTE,
            Asked(MESSAGES, 3),
            [Used("deepseek", "chat", 300, 10)],
            id="taken over twice",
        ),
        pytest.param(
            Outcome(State.STOPPED),
            WROTE,
            Asked(MESSAGES, 1, granted_tokens=4),
            [Used("deepseek", "chat", 100, 4)],
            id="never more than was granted",
        ),
    ],
)
def test_what_is_used_without_the_providers_word(
    outcome: Outcome, written: Written, asked: Asked, used: list[Used]
) -> None:
    assert used_by(outcome, written=written, asked=asked) == used


def test_each_attempt_counts_for_its_provider() -> None:
    attempts = [
        {"provider": "azure_openai", "model": "a", "input_tokens": None, "output_tokens": 7},
        {"provider": "gemini", "model": "g", "input_tokens": None, "output_tokens": 0},
        {"provider": "deepseek", "model": "chat", "input_tokens": 90, "output_tokens": 20},
    ]
    outcome = Outcome(State.COMPLETE, said={"attempts": attempts})
    assert used_by(outcome, written=WROTE, asked=Asked(MESSAGES, 1)) == [
        Used("azure_openai", "a", 100, 7),
        Used("gemini", "g", 0, 0),
        Used("deepseek", "chat", 90, 20),
    ]
    again = used_by(outcome, written=WROTE, asked=Asked(MESSAGES, 2, begun="z" * 12))
    assert again[0] == Used("deepseek", "chat", 100, 4)  # the prompt that was sent before, and what came of it


def test_who_takes_an_answer_over_keeps_to_what_was_granted(caller: Caller) -> None:
    started = start(caller)
    lease_take(owner="me")
    claimed = generations_claim(owner="me", room=10)
    assert [each.started.granted_tokens for each in claimed] == [900]
    assert claimed[0].started.generation_id == started.generation_id
    assert output_left(900, begun="x" * 300) == 800
    assert output_left(900, begun="x" * 30_000) == 200  # it can still be brought to an end


def test_another_provider_than_the_free_one_is_entered_all_the_same(caller: Caller) -> None:
    started = start(caller, tariff=FREE)
    finish(started, input_tokens=50, output_tokens=20)
    assert day_of(user_subject(started.user_id)) == (0, 70)


def test_what_was_reserved_for_a_deleted_answer_is_settled_by_its_prompt(caller: Caller) -> None:
    lost, runs = start(caller), start(caller)
    Conversation.objects.filter(pk=lost.conversation_id).delete()
    entry = UsageEntry.objects.get(generation_id=lost.generation_id)
    assert answers_settle_lost(now=datetime.now(UTC)) == 0
    assert answers_settle_lost(now=datetime.now(UTC) + timedelta(minutes=11)) == 1
    running = UsageEntry.objects.get(generation_id=runs.generation_id)
    prompt_tokens = entry.reserved_tokens - 900
    assert day_of(user_subject(lost.user_id)) == (running.reserved_tokens, prompt_tokens)


def test_the_bound_of_a_prompt_holds_what_is_built(caller: Caller, settings: LazySettings) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 0
    question = "What is light? " * 50
    start(caller, question)
    built = prompt_build(question=question.strip(), history=(), passages=(), budget_tokens=8_000)
    assert UsageEntry.objects.get().reserved_tokens - 900 == Asked(messages=built.messages).prompt_tokens


def test_usage_is_told_by_the_tighter_of_a_guests_two_limits() -> None:
    started = start(stranger())
    finish(started, input_tokens=50, output_tokens=20)
    user = User.objects.get(pk=started.user_id)
    mine = Caller(session_key=started.session_key, request_id="r", address=HERE)
    start(stranger())
    told = usage_get(caller=mine, now=datetime.now(UTC))
    assert (told.user_class, told.tokens.used, told.tokens.limit) == ("guest", 70, 5_000)
    assert told.tokens.reserved > 900  # of the other guest
    assert usage_get(caller=stranger("192.0.2.9"), now=datetime.now(UTC)).tokens.used == 0
    assert user.is_guest


@pytest.mark.parametrize("first", ["the end", "the sign-in"])
def test_answers_that_end_while_their_guests_sign_in_are_settled_at_the_user(
    settings: LazySettings, first: str
) -> None:
    settings.QUOTA_GUEST_TOKENS_PER_DAY = 0
    user = User.objects.create(username="ada", email="ada@example.org")
    runs = [start(stranger()) for _ in range(4)]
    ends = [partial(finish, started, input_tokens=50, output_tokens=20) for started in runs]
    sign_ins = [partial(guest_absorb, guest_id=started.user_id, user=user) for started in runs]
    both = zip(ends, sign_ins, strict=True) if first == "the end" else zip(sign_ins, ends, strict=True)
    concurrently(lambda call: call(), [call for pair in both for call in pair])
    assert day_of(user_subject(user.pk)) == day_of(address_subject(HERE)) == (0, 4 * 70)
    assert DailyUsage.objects.count() == 2
    assert set(UsageEntry.objects.values_list("user", "state")) == {(user.pk, EntryState.SETTLED)}


class Namer:
    """A worker with one provider, which costs something and names conversations."""

    def __init__(self) -> None:
        self.asked = 0

    async def models(self, **_: Any) -> dict[str, Any]:
        return {"default": "deepseek", "providers": [{"name": "deepseek", "models": ["chat"], "weak": False}]}

    async def answer(self, prompt: dict[str, Any], *, request_id: str) -> dict[str, Any]:
        self.asked += 1
        attempt = {"provider": "deepseek", "model": "chat", "input_tokens": 60, "output_tokens": 5}
        return {"response": "Light", "attempts": [attempt]}


@pytest.mark.parametrize(
    ("quota", "title", "spent"), [(5_000, "Light", 70 + 65), (100, "Hello", 70)], ids=["enough", "nothing left"]
)
async def test_a_title_is_settled_too_and_not_made_when_nothing_is_left(
    caller: Caller, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, quota: int, title: str, spent: int
) -> None:
    settings.CHAT_TITLES, worker = True, Namer()
    monkeypatch.setattr(titling, "worker", lambda: worker)
    started = await unit_of_work(start, caller)
    await unit_of_work(finish, started, input_tokens=50, output_tokens=20)
    settings.QUOTA_GUEST_TOKENS_PER_DAY = quota
    titling.Titles().begin(conversation_id=started.conversation_id, request_id="r")
    await asyncio.wait([task for task in asyncio.all_tasks() if task.get_name() == "title"])
    assert worker.asked == (title == "Light")
    assert await unit_of_work(Conversation.objects.values_list("title", flat=True).get) == title
    assert await unit_of_work(day_of, user_subject(started.user_id)) == (0, spent)


BEGINNING = 10  # queries of a new conversation's, with BEGIN and COMMIT, before there were quotas
ENDING = 8


@pytest.mark.parametrize(
    ("rate_limits", "tariff", "more"),
    [
        pytest.param(False, FREE, 0, id="a free answer"),
        pytest.param(True, FREE, 2, id="with a turn and the count of streams"),
        pytest.param(True, PAID, 5, id="with a reservation"),
    ],
)
def test_a_beginning_takes_few_queries(
    caller: Caller, settings: LazySettings, rate_limits: bool, tariff: Tariff, more: int
) -> None:
    settings.RATE_LIMITS = rate_limits
    start(caller, tariff=tariff)
    with CaptureQueriesContext(connection) as queries:
        start(caller, tariff=tariff)
    assert len(queries) == BEGINNING + more, "\n".join(query["sql"] for query in queries)


@pytest.mark.parametrize(("tariff", "more"), [(FREE, 0), (PAID, 4)], ids=["free", "settled"])
def test_an_end_takes_few_queries(caller: Caller, tariff: Tariff, more: int) -> None:
    started = start(caller, tariff=tariff)
    asked = Asked(messages=MESSAGES, requests=0 if tariff.is_free else 1, granted_tokens=started.granted_tokens)
    with CaptureQueriesContext(connection) as queries:
        generation_finish(RunKey(started.generation_id, 1, OWNER), outcome=Outcome(State.COMPLETE), asked=asked)
    assert len(queries) == ENDING + more, "\n".join(query["sql"] for query in queries)


def test_usage_is_told_by_few_queries_that_write_nothing(caller: Caller) -> None:
    start(caller)
    with CaptureQueriesContext(connection) as queries:
        usage_get(caller=caller, now=datetime.now(UTC))
    asked = [query["sql"].split()[0] for query in queries]
    assert asked == ["SELECT"] * 4  # session, user, day, streams
