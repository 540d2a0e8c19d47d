import asyncio
import json
import logging
from base64 import b64encode

import httpx
import pytest

from fake_provider.testing import FakeHere
from fastapi_service.core.config import ProviderSettings
from fastapi_service.routes.schemas import IMAGES_MAX
from fastapi_service.tests.conftest import OpenWorker
from fastapi_service.tests.frames import ask, kinds, numbered, read_frames, text_of

FAST = "first=0 rate=0"


async def test_a_prompt_alone_is_answered(worker: httpx.AsyncClient, fake: FakeHere) -> None:
    response = await worker.post("/chatbot", json={"prompt": f"What is light? [[{FAST} tokens=3]]"})
    reply = response.json()
    (attempt,) = reply.pop("attempts")
    assert attempt.pop("ms") >= 0
    assert attempt == {
        "provider": "local",
        "model": "fake-model",
        "outcome": "ok",
        "first_token_ms": None,
        "input_tokens": 6,
        "output_tokens": 3,
    }
    assert reply == {
        "response": "t0 t1 t2 ",
        "provider": "local",
        "model": "fake-model",
        "usage": {"input_tokens": 6, "output_tokens": 3},
        "finish_reason": "stop",
    }
    assert fake.entries[0].messages == [{"role": "user", "content": f"What is light? [[{FAST} tokens=3]]"}]


async def test_all_that_is_asked_for_reaches_the_provider(worker: httpx.AsyncClient, fake: FakeHere) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is light?"},
        {"role": "assistant", "content": "A wave."},
        {"role": "user", "content": f"Really? \u0000 😀 [[{FAST}]]"},
    ]
    body = {"messages": messages, "provider": "local", "model": "fake-model", "temperature": 0, "max_output_tokens": 7}
    response = await worker.post("/chatbot", json=body)
    assert response.status_code == 200
    assert fake.entries[0].messages == messages
    assert fake.entries[0].body == {"model": "fake-model", "temperature": 0, "max_tokens": 7}


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("401", 502, "provider_auth_failed"),
        ("429 retry_after=9", 429, "provider_rate_limited"),
        ("503", 502, "provider_unavailable"),
        ("cut", 502, "provider_unavailable"),
        ("garbage", 502, "provider_unavailable"),
        ("empty", 502, "provider_unavailable"),
        ("filter", 422, "content_filtered"),
    ],
)
async def test_a_fault_is_a_problem_document(worker: httpx.AsyncClient, fault: str, status: int, code: str) -> None:
    response = await worker.post("/chatbot", json=ask(f"hello [[{FAST} tokens=9 fault={fault}]]"))
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers.get("retry-after") == ("9" if "retry_after" in fault else None)


PNG = b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()


def image(data: str) -> dict[str, str]:
    return {"type": "image", "media_type": "image/png", "data": data}


BAD_BODIES = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{", id="broken"),
    pytest.param(b"[]", id="a list"),
    pytest.param(b"{}", id="no messages"),
    pytest.param(b'{"messages": []}', id="empty messages"),
    pytest.param(b'{"prompt": ""}', id="empty prompt"),
    pytest.param(b'{"prompt": 5}', id="a number for a prompt"),
    pytest.param(b'{"prompt": "x", "model": "y"}', id="prompt not alone"),
    pytest.param(b'{"messages": [{"role": "user", "content": ""}]}', id="empty content"),
    pytest.param(b'{"messages": [{"role": "tool", "content": "x"}]}', id="wrong role"),
    pytest.param(b'{"messages": [{"role": "user"}]}', id="no content"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x", "name": "y"}]}', id="extra in message"),
    pytest.param(b'{"messages": [{"role": "user", "content": "\\ud800"}]}', id="lone surrogate"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "temperature": NaN}', id="not a number"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "temperature": 3}', id="too hot"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "max_output_tokens": 0}', id="no output"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "user_id": 1}', id="extra field"),
    pytest.param(b'{"messages": [{"role": "system", "content": "x"}]}', id="only a system message"),
    pytest.param(b'{"messages": [{"role": "user", "content": []}]}', id="no parts"),
    pytest.param(b'{"messages": [{"role": "user", "content": [{"type": "sound", "data": "x"}]}]}', id="odd part"),
    pytest.param(json.dumps(ask([image("iVBORw0K!")])).encode(), id="image not base64"),
    pytest.param(json.dumps(ask([image("QUFBQUFBQUE=")])).encode(), id="image that is none"),
    pytest.param(json.dumps(ask([image(PNG)] * (IMAGES_MAX + 1))).encode(), id="too many images"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "model": "nobody"}', id="unknown model"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "response_schema": {"type": 5}}', id="no schema"),
    pytest.param(json.dumps(ask("x", response_schema={}, continue_from="y")).encode(), id="schema and beginning"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "text_id": "a b"}', id="odd text id"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "provider": "gemini"}', id="unknown provider"),
    pytest.param(b'{"messages": [{"role": "user", "content": "x"}], "response_schema": []}', id="schema no object"),
    pytest.param(json.dumps(ask("x" * 500_001)).encode(), id="too many characters"),
    pytest.param(json.dumps(ask("x" * 5_000_000)).encode(), id="5 MB"),
    pytest.param(json.dumps({"messages": ask("x")["messages"] * 501}).encode(), id="too many messages"),
    pytest.param(b'{"messages": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", id="deep"),
]


@pytest.mark.parametrize("body", BAD_BODIES)
async def test_a_bad_body_is_told_and_goes_nowhere(worker: httpx.AsyncClient, fake: FakeHere, body: bytes) -> None:
    for path in ("/chatbot", "/chatbot/stream"):
        response = await worker.post(path, content=body, headers={"content-type": "application/json"})
        assert response.status_code == 422, response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] in {"invalid_input", "unknown_provider", "unknown_model", "invalid_schema"}
        assert all(each.keys() == {"loc", "msg"} for each in response.json().get("errors", []))
    assert fake.entries == []


async def test_a_body_of_another_type_is_refused(worker: httpx.AsyncClient, fake: FakeHere) -> None:
    response = await worker.post("/chatbot", content=b'{"prompt": "x"}', headers={"content-type": "text/plain"})
    assert (response.status_code, fake.entries) == (422, [])


async def test_models_say_what_each_provider_can_do(worker: httpx.AsyncClient) -> None:
    await worker.post("/chatbot", json={"prompt": f"x [[{FAST}]]"})
    assert (await worker.get("/models")).json() == {
        "default": "local",
        "providers": [
            {
                "name": "local",
                "label": "The local model",
                "models": ["fake-model"],
                "abilities": {"stream": True, "json_schema": True, "images": False, "continue": False},
                "context_tokens": 8192,
                "prompt_budget_tokens": 6144,
                "weak": False,
                "state": "ready",
            }
        ],
        "embeddings": None,
    }


@pytest.fixture
def two_providers(fake: FakeHere) -> dict[str, object]:
    """DeepSeek first, then a local model; both are the fake provider."""
    return {
        "providers": (
            ProviderSettings(name="deepseek", api_key="a-private-key", base_url=fake.url_of("deepseek"), models=("d",)),
            ProviderSettings(name="local", base_url=fake.base_url, models=("m",)),
        )
    }


async def test_the_first_provider_answers_unless_another_is_asked_for(
    open_worker: OpenWorker, fake: FakeHere, two_providers: dict[str, object]
) -> None:
    async with open_worker(**two_providers) as worker:
        first = (await worker.post("/chatbot", json=ask(f"x [[{FAST}]]"))).json()
        other = (await worker.post("/chatbot", json=ask(f"x [[{FAST}]]", provider="local"))).json()
        unknown = await worker.post("/chatbot", json=ask("x", provider="local", model="n"))
    assert (first["provider"], first["model"]) == ("deepseek", "d")
    assert (other["provider"], other["model"]) == ("local", "m")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_model")
    assert [entry.authorization for entry in fake.entries] == ["Bearer a-private-key", "Bearer none"]


async def test_reasoning_is_streamed_in_a_part_of_its_own(
    open_worker: OpenWorker, two_providers: dict[str, object]
) -> None:
    async with open_worker(**two_providers) as worker:
        frames = await read_frames(worker, ask(f"x [[{FAST} reasoning=3 tokens=4]]"))
        whole = (await worker.post("/chatbot", json=ask(f"x [[{FAST} reasoning=3 tokens=4]]"))).json()
    assert text_of(frames, "reasoning-delta") == numbered(3, "r")
    assert text_of(frames) == numbered(4) == whole["response"]
    assert kinds(frames).index("reasoning-end") < kinds(frames).index("text-start")
    assert {frame["id"] for frame in frames if frame["type"].startswith("reasoning")} == {"reasoning"}


async def test_a_provider_that_is_away_is_named_and_no_inside_is_told(open_worker: OpenWorker) -> None:
    away = ProviderSettings(name="local", base_url="http://127.0.0.1:1/v1", models=("m",))
    async with open_worker(providers=(away,)) as worker:
        response = await worker.post("/chatbot", json=ask("x"))
    assert (response.status_code, response.json()["code"]) == (502, "provider_unavailable")
    assert "127.0.0.1" not in response.text


async def test_the_log_line_has_figures_but_no_words(
    open_worker: OpenWorker, two_providers: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_worker(**two_providers) as worker:
        headers = {"X-Request-ID": "request-7"}
        body = ask(f"SECRETPROMPT [[{FAST} tokens=3]]")
        assert text_of(await read_frames(worker, body)) == numbered(3)
        await worker.post("/chatbot", json=body, headers=headers)
    lines = [record.__dict__["facts"] for record in caplog.records if record.name == "fastapi_service.request"]
    assert len(lines) == 2
    for line in lines:
        assert (
            line.items()
            >= {
                "provider": "deepseek",
                "model": "d",
                "outcome": "ok",
                "status": 200,
                "input_tokens": 4,
                "output_tokens": 3,
            }.items()
        )
        assert line["ms"] >= 0
    ours = "".join(str(record.__dict__) for record in caplog.records if record.name.startswith("fastapi_service"))
    for private in ("SECRETPROMPT", "a-private-key", "t0 t1"):
        assert private not in ours


async def test_whole_answers_run_side_by_side(worker: httpx.AsyncClient) -> None:
    asked = [worker.post("/chatbot", json=ask(f"x [[tokens={n} rate=100 first=0.05]]")) for n in range(1, 31)]
    replies = [response.json()["response"] for response in await asyncio.gather(*asked)]
    assert replies == [numbered(n) for n in range(1, 31)]
