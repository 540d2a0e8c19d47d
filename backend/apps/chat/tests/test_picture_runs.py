"""A run on a picture: who sees is asked first, and where nobody does, what OCR read is asked about instead."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.conf import LazySettings

from apps.chat.models import Message, State
from apps.chat.schemas import ChatRequest
from apps.chat.services import running, showing
from apps.chat.services.answering import Position, answer_stream
from apps.chat.tests.runs import BEGUN, Says, Script, a_runner, saved, whole
from apps.chat.tests.test_pictures import a_picture
from apps.core.sse import frame
from apps.documents.models import Document
from apps.documents.tests.library import Person, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]
SEES = {"name": "eyes", "abilities": {"images": True}, "state": "ready", "prompt_budget_tokens": 8_000}
BLIND = {"name": "blind", "abilities": {"images": False}, "state": "ready", "prompt_budget_tokens": 8_000}


@pytest.fixture(autouse=True)
def quick(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DRAIN_SECONDS, settings.CHAT_TITLES = 0.05, False
    monkeypatch.setattr(running, "LAST_WORDS_SECONDS", 0.05)

    async def picture_for_model(**_: Any) -> bytes:
        return b"\xff\xd8\xff"

    monkeypatch.setattr(showing, "picture_for_model", picture_for_model)


@pytest.fixture
async def photo(person: Person) -> Document:
    document: Document = await run(a_picture, person)
    return document


def fails(code: str, status: int) -> Script:
    async def script() -> AsyncIterator[bytes]:
        yield frame("data-problem", data={"code": code, "detail": "It does not work.", "status": status})

    return script


async def breaks_off() -> AsyncIterator[bytes]:
    yield BEGUN
    yield frame("data-problem", data={"code": "provider_failed", "detail": "It broke off.", "status": 502})


async def thinks_and_breaks_off() -> AsyncIterator[bytes]:
    yield frame("reasoning-start", id="reasoning") + frame("reasoning-delta", id="reasoning", delta="A picture.")
    yield frame("data-problem", data={"code": "provider_failed", "detail": "It broke off.", "status": 502})


async def answered(
    monkeypatch: pytest.MonkeyPatch, person: Person, photo: Document, worker: Says, **fields: Any
) -> tuple[Message, str]:
    """The answer as it was saved, and all that was streamed. Any: of a ChatRequest."""
    async with a_runner(monkeypatch, worker) as runner:
        body = ChatRequest(message="What is this?", document_ids=[photo.pk], **fields)
        started = await runner.begin(caller=person.caller, body=body)
        streamed = b"".join([chunk async for chunk in await answer_stream(started, Position())])
        return await saved(started), streamed.decode()


def notices(message: Message) -> list[str]:
    return [part["code"] for part in message.parts if part["type"] == "notice"]


def is_shown(body: dict[str, Any]) -> bool:
    content = body["messages"][-1]["content"]
    return isinstance(content, list) and [part["type"] for part in content] == ["text", "image"]


async def test_what_was_seen_is_told_with_the_first_words_and_kept(
    monkeypatch: pytest.MonkeyPatch, person: Person, photo: Document
) -> None:
    worker = Says(whole)
    worker.providers = [BLIND, SEES]
    message, streamed = await answered(monkeypatch, person, photo, worker)
    assert [is_shown(body) for body in worker.bodies] == [True]
    assert (message.state, notices(message)) == (State.COMPLETE, ["image_seen"])
    assert 0 < streamed.index("image_seen") < streamed.index("text-start")


async def test_a_chosen_provider_that_does_not_see_gets_no_picture(
    monkeypatch: pytest.MonkeyPatch, person: Person, photo: Document
) -> None:
    worker = Says(whole)
    worker.providers = [BLIND, SEES]
    message, _ = await answered(monkeypatch, person, photo, worker, provider="blind")
    assert [is_shown(body) for body in worker.bodies] == [False]
    assert notices(message) == ["image_by_ocr"]


@pytest.mark.parametrize(
    ("problem", "providers"),
    [(fails("images_not_supported", 422), [SEES]), (fails("provider_failed", 502), [SEES, BLIND])],
    ids=["nobody sees any more", "who sees is down"],
)
async def test_where_nobody_sees_it_after_all_the_text_is_asked_about(
    monkeypatch: pytest.MonkeyPatch,
    person: Person,
    photo: Document,
    problem: Script,
    providers: list[dict[str, Any]],
) -> None:
    worker = Says(problem, whole)
    worker.providers = providers
    message, streamed = await answered(monkeypatch, person, photo, worker)
    assert [is_shown(body) for body in worker.bodies] == [True, False]
    assert "Osmosis moves water" in worker.bodies[1]["messages"][-1]["content"]
    assert (message.state, notices(message)) == (State.COMPLETE, ["image_by_ocr"])
    assert "image_seen" not in streamed


@pytest.mark.parametrize(
    ("scripts", "providers"),
    [
        ([fails("provider_failed", 502)], [SEES]),
        ([breaks_off], [SEES, BLIND]),
        ([thinks_and_breaks_off], [SEES, BLIND]),
    ],
    ids=["there is nobody else", "it had begun to write", "it had begun to think"],
)
async def test_an_answer_that_fails_otherwise_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
    person: Person,
    photo: Document,
    scripts: list[Script],
    providers: list[dict[str, Any]],
) -> None:
    worker = Says(*scripts)
    worker.providers = providers
    message, _ = await answered(monkeypatch, person, photo, worker)
    assert worker.asked == 1
    assert (message.state, (message.error or {}).get("code")) == (State.FAILED, "provider_failed")


async def test_who_fails_on_the_text_too_is_asked_no_third_time(
    monkeypatch: pytest.MonkeyPatch, person: Person, photo: Document
) -> None:
    worker = Says(fails("provider_failed", 502))
    worker.providers = [SEES, BLIND]
    message, _ = await answered(monkeypatch, person, photo, worker)
    assert [is_shown(body) for body in worker.bodies] == [True, False]
    assert message.state == State.FAILED


async def test_a_worker_that_goes_away_is_asked_about_the_picture_again(
    monkeypatch: pytest.MonkeyPatch, person: Person, photo: Document
) -> None:
    async def dies() -> AsyncIterator[bytes]:
        return
        yield b""

    worker = Says(dies, whole)
    worker.providers = [SEES, BLIND]
    message, _ = await answered(monkeypatch, person, photo, worker)
    assert [is_shown(body) for body in worker.bodies] == [True, True]
    assert notices(message) == ["image_seen"]
