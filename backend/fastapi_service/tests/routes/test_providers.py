"""The worker with several providers, each of them the fake one on its own wire, over real HTTP."""

import asyncio
from base64 import b64encode
from typing import Any

import httpx
import pytest

from fake_provider.testing import FakeHere
from fastapi_service.core.config import KEY_VARIABLES, LOCAL, ProviderSettings
from fastapi_service.tests.conftest import OpenWorker
from fastapi_service.tests.frames import ask, kinds, numbered, read_frames, text_of

FAST = "first=0 rate=0"
NAMES = (*KEY_VARIABLES, LOCAL)
PNG = b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


@pytest.fixture
def all_providers(fake: FakeHere) -> dict[str, object]:
    """All five, in the order of the specification."""
    settings = (
        ProviderSettings(name, api_key="a-private-key", base_url=fake.url_of(name), models=("one",)) for name in NAMES
    )
    return {"providers": tuple(settings), "tries": 3}


def codes(frames: list[dict[str, Any]]) -> list[str]:
    """The codes of the notices."""
    return [frame["data"]["code"] for frame in frames if frame["type"] == "data-notice"]


def outcomes(frames: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(attempt["provider"], attempt["outcome"]) for attempt in frames[-1]["data"]["attempts"]]


async def test_each_provider_answers_when_it_is_asked_for(
    open_worker: OpenWorker, all_providers: dict[str, object]
) -> None:
    async with open_worker(**all_providers) as worker:
        for name in NAMES:
            frames = await read_frames(worker, ask(f"x [[{FAST} tokens=9]]", provider=name))
            assert (text_of(frames), outcomes(frames)) == (numbered(9), [(name, "ok")])


async def test_an_answer_goes_through_whatever_breaks_on_its_way(
    open_worker: OpenWorker, all_providers: dict[str, object]
) -> None:
    prompt = (
        f"x [[{FAST} tokens=40 overlap=6 azure_openai.fault=503,cut@5 deepseek.fault=garbage@5 gemini.fault=error@5 "
        "huggingface.fault=utf8@5]]"
    )
    async with open_worker(**all_providers) as worker:
        frames = await read_frames(worker, ask(prompt))
    assert text_of(frames) == numbered(40)
    assert kinds(frames).count("text-start") == kinds(frames).count("text-end") == 1
    assert codes(frames) == ["retry", "seam", "seam", "seam", "seam"]
    assert [provider for provider, _ in outcomes(frames)] == ["azure_openai", "azure_openai", *NAMES[1:]]
    chosen = [frame["messageMetadata"]["provider"] for frame in frames if frame["type"] == "message-metadata"]
    assert chosen == list(NAMES)


async def test_when_nobody_can_answer_there_is_one_problem(
    open_worker: OpenWorker, all_providers: dict[str, object]
) -> None:
    async with open_worker(**{**all_providers, "tries": 1}) as worker:
        frames = await read_frames(worker, ask(f"x [[{FAST} fault=503]]"))
        whole = await worker.post("/chatbot", json=ask(f"x [[{FAST} fault=503]]"))
    assert kinds(frames)[-1] == "data-problem"
    assert frames[-1]["data"]["status"] == whole.status_code == 502
    assert codes(frames) == ["provider_changed"] * 4


async def test_the_beginning_of_an_answer_is_gone_on_with(
    open_worker: OpenWorker, all_providers: dict[str, object]
) -> None:
    async with open_worker(**all_providers) as worker:
        for name in NAMES:
            body = ask(f"x [[{FAST} tokens=30 overlap=6]]", provider=name, continue_from=numbered(12))
            frames = await read_frames(worker, body)
            whole = (await worker.post("/chatbot", json=body)).json()
            assert numbered(12) + text_of(frames) == numbered(12) + whole["response"] == numbered(30)
            assert "text-start" not in kinds(frames)
            assert kinds(frames)[-2:] == ["text-end", "data-outcome"]


async def test_a_photo_reaches_a_model_that_sees(
    open_worker: OpenWorker, fake: FakeHere, all_providers: dict[str, object]
) -> None:
    photo = {"type": "image", "media_type": "image/png", "data": PNG}
    body = ask([{"type": "text", "text": f"What is this? [[{FAST}]]"}, photo])
    async with open_worker(**all_providers) as worker:
        for name in ("azure_openai", "gemini"):
            reply = (await worker.post("/chatbot", json={**body, "provider": name})).json()
            assert reply["provider"] == name
            assert PNG in str(fake.entries[-1])
        refused = await worker.post("/chatbot", json={**body, "provider": LOCAL})
    assert (refused.status_code, refused.json()["code"]) == (422, "images_not_supported")


async def test_a_circuit_that_is_open_is_shown_and_its_provider_left_alone(
    open_worker: OpenWorker, fake: FakeHere, all_providers: dict[str, object]
) -> None:
    async with open_worker(**{**all_providers, "breaker_failures": 2}) as worker:
        for _ in range(3):
            await worker.post("/chatbot", json=ask(f"x [[{FAST} azure_openai.fault=401]]"))
        assert [entry.provider for entry in fake.entries].count("azure_openai") == 2
        health = (await worker.get("/health", headers={"X-Internal-Secret": ""})).json()["providers"]
        models = (await worker.get("/models")).json()["providers"]
        figures = (await worker.get("/metrics")).text
    assert health == {"azure_openai": "open", **dict.fromkeys(NAMES[1:], "ready")}
    assert [model["state"] for model in models] == ["open", "ready", "ready", "ready", "ready"]
    assert 'lamla_circuit_open{provider="azure_openai"} 1.0' in figures


async def test_the_figures_are_behind_the_secret(worker: httpx.AsyncClient) -> None:
    assert (await worker.get("/metrics", headers={"X-Internal-Secret": "wrong"})).status_code == 401
    await worker.post("/chatbot", json=ask(f"x [[{FAST} tokens=3]]"))
    shown = await worker.get("/metrics")
    assert shown.headers["content-type"].startswith("text/plain")
    for line in (
        'lamla_attempts_total{outcome="ok",provider="local"} 1.0',
        'lamla_tokens_total{direction="output",provider="local"} 3.0',
        'lamla_circuit_open{provider="local"} 0.0',
        "lamla_live_streams 0.0",
    ):
        assert line in shown.text.splitlines()


@pytest.mark.parametrize("name", NAMES)
async def test_a_client_that_leaves_closes_the_providers_socket_within_a_second(
    open_worker: OpenWorker, fake: FakeHere, all_providers: dict[str, object], name: str
) -> None:
    async with open_worker(**all_providers) as worker:
        body = ask("x [[tokens=1000 rate=50 first=0]]", provider=name)
        asking = asyncio.create_task(worker.post("/chatbot/stream", json=body))
        await fake.entry_when(lambda entry: entry.tokens_sent > 0)
        asking.cancel()
        await asyncio.wait({asking})
        entry = await fake.entry_when(lambda entry: entry.closed_at is not None, deadline_s=1)
    assert (entry.provider, entry.closed_by) == (name, "client")
