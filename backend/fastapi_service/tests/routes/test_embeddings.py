"""POST /embeddings of a real worker, against a server of embeddings that answers as told."""

import asyncio
import logging
import math
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fake_provider.server import listening_socket
from fake_provider.testing import FakeHere, serve_here
from fastapi_service.core.config import EmbeddingsSettings
from fastapi_service.providers import embeddings
from fastapi_service.providers.embeddings import Embeddings
from fastapi_service.tests.conftest import OpenWorker

SOON_SECONDS = 5.0
TEXTS = ["Why is photosynthesis hard?", "b"]


class Server:
    """Answers each request with the next of `answers`, the last of them for ever; keeps what it was asked."""

    def __init__(self, *answers: Response) -> None:
        self.answers: Sequence[Response] = answers
        self.asked: list[dict[str, Any]] = []  # Any: JSON
        self.headers: list[dict[str, str]] = []
        self.left = asyncio.Event()
        self.begun = asyncio.Event()
        self.hangs = False

    async def answer(self, request: Request) -> Response:
        self.asked.append(orjson.loads(await request.body()))
        self.headers.append(dict(request.headers))
        self.begun.set()
        if self.hangs:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            self.left.set()
        return self.answers[min(len(self.asked), len(self.answers)) - 1]

    @asynccontextmanager
    async def serving(self, *, port: int = 0) -> AsyncIterator[str]:
        """The address, with /v1."""
        app = Starlette(routes=[Route("/v1/embeddings", self.answer, methods=["POST"])])
        config = uvicorn.Config(app, log_level="critical", access_log=False, ws="none", lifespan="off")
        async with serve_here(uvicorn.Server(config), listening_socket("127.0.0.1", port)) as address:
            yield f"{address}/v1"


def answering(*vectors: Any, status: int = 200, **headers: str) -> Response:
    data = [{"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)]
    return raw({"object": "list", "data": data, "model": "what it calls itself"}, status=status, **headers)


def raw(body: Any, *, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(orjson.dumps(body), status_code=status, media_type="application/json", headers=named)


def served_by(base_url: str, **changes: Any) -> dict[str, object]:
    settings = {"base_url": base_url, "model": "e5", "api_key": "a-private-key", "timeout_s": 10.0, **changes}
    return {"embeddings": EmbeddingsSettings(**settings)}


async def embed(worker: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await worker.post("/embeddings", json={"texts": TEXTS, "kind": "passage", **changes})


async def test_vectors_come_back_in_order_and_of_unit_length(open_worker: OpenWorker) -> None:
    turned = raw({"data": [{"index": 1, "embedding": [0, -2]}, {"index": 0, "embedding": [3, 4]}]})
    server = Server(turned)
    async with server.serving() as url, open_worker(**served_by(url)) as worker:
        reply = await embed(worker)
    assert reply.json() == {"model": "e5", "dimension": 2, "vectors": [[0.6, 0.8], [0.0, -1.0]]}
    assert server.asked == [{"model": "e5", "input": TEXTS, "encoding_format": "float"}]
    assert server.headers[0]["authorization"] == "Bearer a-private-key"
    assert server.headers[0]["x-request-id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize("kind", ["query", "passage"])
async def test_the_embedded_model_alone_is_told_what_the_texts_are(open_worker: OpenWorker, kind: str) -> None:
    server = Server(answering([1, 0], [0, 1]))
    async with server.serving() as url, open_worker(**served_by(url, embedded=True)) as worker:
        await embed(worker, kind=kind)
    assert server.asked[0]["input_type"] == kind


@pytest.mark.parametrize(
    "body",
    [
        {"texts": [], "kind": "query"},
        {"texts": [""], "kind": "query"},
        {"texts": ["a"] * 65, "kind": "query"},
        {"texts": ["a" * 8001], "kind": "query"},
        {"texts": "a", "kind": "query"},
        {"texts": [1], "kind": "query"},
        {"texts": ["a"]},
        {"texts": ["a"], "kind": "photosynthesis"},
        {"texts": ["a"], "kind": "query", "model": "other"},
    ],
    ids=lambda body: str(body)[:40],
)
async def test_what_is_no_such_request_is_refused_before_anybody_is_asked(
    open_worker: OpenWorker, body: dict[str, object]
) -> None:
    server = Server(answering([1]))
    async with server.serving() as url, open_worker(**served_by(url)) as worker:
        reply = await worker.post("/embeddings", json=body)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_input")
    assert "photosynthesis" not in reply.text
    assert server.asked == []


async def test_it_is_behind_the_secret(worker: httpx.AsyncClient) -> None:
    reply = await worker.post("/embeddings", json={"texts": ["a"], "kind": "query"}, headers={"X-Internal-Secret": ""})
    assert (reply.status_code, reply.json()["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"no JSON"),
        Response(b'{"data": [{"index": 0, "embedding": [NaN]}, {"index": 1, "embedding": [1]}]}'),
        Response(b'{"data": [{"index": 1e999, "embedding": [1]}, {"index": 1, "embedding": [1]}]}'),
        raw([]),
        raw({"data": 3}),
        raw({"data": {"index": 0}}),
        answering([1, 0]),
        answering([1, 0], [0, 1], [1, 1]),
        answering([1, 0], [0, 1, 0]),
        answering([1, 0], [0, 0]),
        answering([1, 0], ["nan", 1]),
        answering([1, 0], []),
        answering([], []),
        answering([1, 0], "AAAA"),
        answering([1, 0], None),
        answering([1.7e308, 1.7e308], [1, 0]),
        raw({"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}),
        raw({"data": [{"index": 0, "embedding": [1]}, {"index": 2, "embedding": [1]}]}),
        Response(b" " * (embeddings.ANSWER_MAX_BYTES + 1)),
        raw({"error": {"message": "photosynthesis"}}, status=500),
        raw({"error": {"message": "photosynthesis is too long"}}, status=400),
        raw({}, status=302, location="/v1/elsewhere"),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.body[:60]!r}",
)
async def test_an_answer_that_is_none_is_said_to_be_that(open_worker: OpenWorker, answer: Response) -> None:
    server = Server(answer)
    async with server.serving() as url, open_worker(**served_by(url)) as worker:
        reply = await embed(worker)
    assert (reply.status_code, reply.json()["code"]) == (502, "embeddings_failed")
    assert "photosynthesis" not in reply.text
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "wait_s"),
    [
        (raw({}, status=503, retry_after="7"), 7),
        (raw({}, status=429), 5),
        (raw({}, status=503, retry_after="soon"), 5),
        (raw({}, status=503, retry_after="99999"), 3600),
        (raw({}, status=401), None),
    ],
)
async def test_a_server_that_cannot_now_is_unavailable(
    open_worker: OpenWorker, answer: Response, wait_s: int | None
) -> None:
    async with Server(answer).serving() as url, open_worker(**served_by(url)) as worker:
        reply = await embed(worker)
    assert (reply.status_code, reply.json()["code"]) == (503, "embeddings_unavailable")
    assert reply.json().get("retry_after_s") == wait_s
    assert reply.headers.get("retry-after") == (str(wait_s) if wait_s else None)


async def test_where_none_is_set_up_or_it_is_away_or_too_slow_it_is_unavailable(open_worker: OpenWorker) -> None:
    slow = Server(answering([1], [1]))
    slow.hangs = True
    async with slow.serving() as url:
        for changes in (
            {"embeddings": None},
            served_by("http://127.0.0.1:1/v1"),
            served_by(url, timeout_s=0.05),
        ):
            async with open_worker(**changes) as worker:
                reply = await embed(worker)
            assert (reply.status_code, reply.json()["code"]) == (503, "embeddings_unavailable")
            assert "127.0.0.1" not in reply.text


async def test_who_cannot_be_connected_to_is_tried_once_more(
    open_worker: OpenWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    tries: list[object] = []
    failed, is_up = asyncio.Event(), asyncio.Event()
    post = Embeddings._post

    async def told(self: Embeddings, body: dict[str, Any]) -> bytes:
        tries.append(body)
        if len(tries) == 2:
            failed.set()
            await is_up.wait()
        return await post(self, body)

    monkeypatch.setattr(Embeddings, "_post", told)
    async with open_worker(**served_by(f"http://127.0.0.1:{port}/v1")) as worker:
        asking = asyncio.create_task(embed(worker))
        async with asyncio.timeout(SOON_SECONDS):
            await failed.wait()
        async with Server(answering([1], [1])).serving(port=port):
            is_up.set()
            assert (await asking).status_code == 200
    assert len(tries) == 2


async def test_a_client_that_leaves_ends_the_request_to_the_model(open_worker: OpenWorker) -> None:
    server = Server(answering([1], [1]))
    server.hangs = True
    async with server.serving() as url, open_worker(**served_by(url)) as worker:
        asking = asyncio.create_task(embed(worker))
        async with asyncio.timeout(SOON_SECONDS):
            await server.begun.wait()
            asking.cancel()
            await server.left.wait()


async def test_the_log_has_figures_but_no_words(open_worker: OpenWorker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Server(answering([1], [1])).serving() as url, open_worker(**served_by(url)) as worker:
        await embed(worker)
    facts = next(record.facts for record in caplog.records if getattr(record, "facts", {}).get("path") == "/embeddings")  # type: ignore[attr-defined]  # as the log adds them
    assert (facts["texts"], facts["kind"]) == (2, "passage")
    assert "photosynthesis" not in caplog.text


async def test_models_name_it_once_it_has_answered(open_worker: OpenWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "LOOK_AGAIN_SECONDS", 0.0)
    server = Server(raw({}, status=503), answering([1, 0, 0]))
    async with server.serving() as url, open_worker(**served_by(url)) as worker:
        told = [(await worker.get("/models")).json()["embeddings"] for _ in range(3)]
    assert told == [None, {"model": "e5", "dimension": 3}, {"model": "e5", "dimension": 3}]
    assert len(server.asked) == 2


async def test_the_fake_provider_gives_near_vectors_to_near_texts(open_worker: OpenWorker, fake: FakeHere) -> None:
    texts = ["Plants make sugar out of light.", "Out of light, plants make sugar!", "Rome fell in 476."]
    async with open_worker(**served_by(fake.base_url)) as worker:
        one, same, other = (await embed(worker, texts=texts)).json()["vectors"]
        again = (await embed(worker, texts=texts, kind="query")).json()["vectors"][0]
    assert again == one
    assert math.isclose(dot(one, same), 1.0, abs_tol=1e-6)
    assert dot(one, other) < 0.5
    assert fake.entries == []  # what is asked of models is counted; vectors are not


def dot(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
