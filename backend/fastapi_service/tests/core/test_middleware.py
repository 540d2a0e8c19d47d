from collections.abc import AsyncIterator

import httpx
import pytest

from fake_provider.testing import FakeHere
from fastapi_service.core.config import KEY_VARIABLES
from fastapi_service.core.middleware import BODY_MAX_BYTES
from fastapi_service.tests.conftest import SECRETS, OpenWorker
from fastapi_service.tests.frames import ask

ROUTES = [
    ("POST", "/chatbot"),
    ("POST", "/chatbot/stream"),
    ("POST", "/quiz/"),
    ("POST", "/flashcards/"),
    ("GET", "/models"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/health/"),
    ("POST", "/health"),
    ("GET", "/no-such-route"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("secret", [None, "", "wrong", SECRETS[0] + "x", "ümlaut"], ids=str)
async def test_without_the_secret_every_route_is_closed_and_nothing_reaches_a_provider(
    worker: httpx.AsyncClient, fake: FakeHere, method: str, path: str, secret: str | None
) -> None:
    del worker.headers["X-Internal-Secret"]
    headers = {} if secret is None else {b"X-Internal-Secret": secret.encode()}
    response = await worker.request(method, path, headers=headers, json=ask("hello"))
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "unauthorized"
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert fake.entries == []


@pytest.mark.parametrize("secret", SECRETS)
async def test_each_of_several_secrets_is_accepted(worker: httpx.AsyncClient, secret: str) -> None:
    response = await worker.get("/models", headers={"X-Internal-Secret": secret})
    assert response.status_code == 200


async def test_health_is_open_and_names_providers_only(worker: httpx.AsyncClient) -> None:
    del worker.headers["X-Internal-Secret"]
    response = await worker.get("/health")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "providers": {**dict.fromkeys(KEY_VARIABLES, "unconfigured"), "local": "ready"},
    }


async def test_a_well_formed_request_id_is_kept_and_sent_on(worker: httpx.AsyncClient, fake: FakeHere) -> None:
    response = await worker.post("/chatbot", json=ask("hello [[first=0 rate=0]]"), headers={"X-Request-ID": "Abc-1._"})
    assert response.headers["x-request-id"] == "Abc-1._"
    assert [entry.request_id for entry in fake.entries] == ["Abc-1._"]


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "id\u00e9"], ids=["empty", "space", "long", "accent"])
async def test_an_odd_request_id_is_replaced(worker: httpx.AsyncClient, given: str) -> None:
    response = await worker.get("/health", headers={b"X-Request-ID": given.encode("latin-1")})
    assert response.headers["x-request-id"] != given
    assert len(response.headers["x-request-id"]) == 32


async def test_a_body_above_the_limit_is_refused_by_its_declared_length(
    worker: httpx.AsyncClient, fake: FakeHere
) -> None:
    response = await worker.post("/chatbot", content=b"x" * (BODY_MAX_BYTES + 1))
    assert (response.status_code, response.json()["code"]) == (413, "payload_too_large")
    assert fake.entries == []


async def test_an_endless_body_is_refused_while_it_is_read(worker: httpx.AsyncClient, fake: FakeHere) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * 1024 * 1024:
            sent += 65_536
            yield b"x" * 65_536

    try:
        response = await worker.post("/chatbot/stream", content=endless(), headers={"content-type": "application/json"})
    except httpx.NetworkError:
        pass  # the server has closed before it read the rest
    else:
        assert (response.status_code, response.json()["code"]) == (413, "payload_too_large")
    assert sent < 64 * 1024 * 1024
    assert fake.entries == []


async def test_an_unknown_address_is_a_problem_document(worker: httpx.AsyncClient) -> None:
    response = await worker.get("/no-such-route")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_a_wrong_method_is_a_problem_document(worker: httpx.AsyncClient) -> None:
    response = await worker.get("/chatbot")
    assert (response.status_code, response.json()["code"]) == (405, "http_405")


async def test_a_browser_of_an_allowed_origin_may_ask_beforehand(open_worker: OpenWorker) -> None:
    async with open_worker(allowed_origins=("http://localhost:8000",)) as worker:
        for origin, allowed in (("http://localhost:8000", True), ("http://evil.example", False)):
            response = await worker.options(
                "/chatbot", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
            )
            assert (response.headers.get("access-control-allow-origin") == origin) is allowed
