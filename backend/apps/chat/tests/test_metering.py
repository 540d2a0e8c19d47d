"""Answers and quotas: reserved with the prompt, settled with the answer, whoever comes first and however it ends."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.chat.models import Conversation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.prompts import prompt_build
from apps.chat.services import titling
from apps.chat.services.claiming import generations_claim
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.leasing import lease_take
from apps.chat.services.metering import Asked, answers_settle_lost, output_left, used_by
from apps.chat.tests.metered import FREE, HERE, MESSAGES, OWNER, PAID, code_of, day_of, finish, start, stranger
from apps.chat.written import Written
from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.usage.models import UsageEntry
from apps.usage.selectors import usage_get
from apps.usage.services.subjects import user_subject
from apps.usage.services.tariffs import Tariff, Used

pytestmark = pytest.mark.django_db(transaction=True)
WROTE = Written(text="y" * 30, provider="deepseek", model="chat")  # 10 tokens


@pytest.fixture(autouse=True)
def limits(settings: LazySettings) -> None:
    settings.QUOTA_USER_TOKENS_PER_DAY = settings.QUOTA_GUEST_TOKENS_PER_DAY = 5_000
    settings.CHAT_ANSWER_MAX_TOKENS = 900


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
            Asked(MESSAGES, 1, continued=Written(text="y" * 24)),
            [Used("deepseek", "chat", 108, 2)],
            id="gone on with: what stood there is read, not written",
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
    built = prompt_build(question=question.strip(), history=(), files=None, budget_tokens=8_000)
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


BEGINNING = 10  # queries of a new conversation's without quotas, with BEGIN and COMMIT
ENDING = 9


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
