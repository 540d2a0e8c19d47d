"""What is computed when, with an engine that waits to be told; and what becomes of requests in OpenAI's form."""

import asyncio
import base64
import struct
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from embedding_model.app import EmbeddingModel
from embedding_model.engine import Kind
from embedding_model.lanes import PASSAGES_WAITING, LaneFull, Lanes
from embedding_model.requests import TEXTS_MAX
from embedding_model.settings import EmbeddingModelSettings

WAIT_SECONDS = 10.0


class HeldEngine:
    """Each passage waits for `release`; questions are answered at once."""

    dimension = 3

    def __init__(self) -> None:
        self.seen: list[tuple[Kind, str]] = []
        self.reached = threading.Semaphore(0)
        self._released = threading.Semaphore(0)

    def embed(self, text: str, kind: Kind) -> list[float]:
        self.seen.append((kind, text))
        self.reached.release()
        if kind == "passage":
            assert self._released.acquire(timeout=WAIT_SECONDS)
        if text == "bad":
            raise ValueError(text)
        return [1.0, 0.0, -0.5]

    def count_tokens(self, text: str, kind: Kind) -> int:
        return len(text.split())

    def release(self, texts: int = 1) -> None:
        self._released.release(texts)

    def wait_for_text(self) -> None:
        assert self.reached.acquire(timeout=WAIT_SECONDS)


@pytest.fixture
def engine() -> Iterator[HeldEngine]:
    held = HeldEngine()
    yield held
    held.release(1000)


def test_a_question_does_not_wait_behind_passages(engine: HeldEngine) -> None:
    lanes = Lanes(engine)
    book = lanes.take(["p1", "p2"], "passage")
    engine.wait_for_text()
    assert len(lanes.take(["why"], "query").done.result(WAIT_SECONDS).vectors) == 1
    assert not book.done.done()
    engine.release(2)
    assert len(book.done.result(WAIT_SECONDS).vectors) == 2


def room_for(lanes: Lanes, texts: int) -> bool:
    """Whether there is, once the lane has counted what it has just given."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with suppress(LaneFull):
            lanes.take(["p"] * texts, "passage").drop()
            return True
    return False


def test_a_dropped_request_ends_within_a_text_and_one_that_waits_is_not_begun(engine: HeldEngine) -> None:
    lanes = Lanes(engine)
    begun, waiting, wanted = (lanes.take([f"{name}{n}" for n in range(9)], "passage") for name in "abc")
    engine.wait_for_text()
    begun.drop()
    waiting.drop()
    engine.release(10)
    assert len(wanted.done.result(WAIT_SECONDS).vectors) == 9
    assert [text for _, text in engine.seen] == ["a0", *(f"c{n}" for n in range(9))]


def test_a_full_lane_says_when_to_come_again(engine: HeldEngine) -> None:
    lanes = Lanes(engine)
    first = lanes.take(["p"] * PASSAGES_WAITING, "passage")
    with pytest.raises(LaneFull) as full:
        lanes.take(["p"], "passage")
    assert 1 <= full.value.retry_after_s <= 60
    lanes.take(["why"], "query").done.result(WAIT_SECONDS)
    engine.release(PASSAGES_WAITING)
    first.done.result(WAIT_SECONDS)
    assert room_for(lanes, PASSAGES_WAITING)


def test_an_engine_that_fails_costs_one_request(engine: HeldEngine) -> None:
    lanes = Lanes(engine)
    with pytest.raises(ValueError, match="bad"):
        lanes.take(["bad"], "query").done.result(WAIT_SECONDS)
    assert lanes.take(["good"], "query").done.result(WAIT_SECONDS).tokens == 1


@asynccontextmanager
async def client_of(engine: HeldEngine, *, key: str = "") -> AsyncIterator[httpx.AsyncClient]:
    settings = EmbeddingModelSettings(host="127.0.0.1", port=1, model="m", threads=1, api_key=key)
    transport = httpx.ASGITransport(EmbeddingModel(engine, settings).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://model") as client:
        yield client


async def test_the_answer_is_openais(engine: HeldEngine) -> None:
    async with client_of(engine) as client:
        reply = await client.post("/v1/embeddings", json={"input": "two words", "input_type": "query", "model": "any"})
        packed = await client.post(
            "/v1/embeddings", json={"input": ["a", "b"], "input_type": "query", "encoding_format": "base64"}
        )
    assert reply.json() == {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": [1.0, 0.0, -0.5]}],
        "model": "m",
        "usage": {"prompt_tokens": 2, "total_tokens": 2},
    }
    vectors = [struct.unpack("<3f", base64.b64decode(each["embedding"])) for each in packed.json()["data"]]
    assert vectors == [(1.0, 0.0, -0.5)] * 2


async def test_a_text_that_is_not_said_to_be_a_question_is_a_passage(engine: HeldEngine) -> None:
    engine.release()
    async with client_of(engine) as client:
        assert (await client.post("/v1/embeddings", json={"input": "a"})).is_success
    assert engine.seen == [("passage", "a")]


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{",
        '{"input": []}',
        '{"input": ""}',
        '{"input": [1, 2]}',
        '{"input": {"a": "b"}}',
        '{"input": "\\ud800"}',
        '{"input": "a", "input_type": "photosynthesis"}',
        '{"input": "a", "input_type": ["query"]}',
        '{"input": "a", "encoding_format": "int8"}',
        '{"input": "a", "dimensions": 2}',
        '{"input": "' + "a" * 8001 + '"}',
        '{"input": [' + ",".join(['"a"'] * 65) + "]}",
        '{"input": "' + "a" * 9_000_000 + '"}',
    ],
    ids=lambda body: body[:40],
)
async def test_what_cannot_be_embedded_is_refused_without_repeating_it(engine: HeldEngine, body: str) -> None:
    async with client_of(engine) as client:
        reply = await client.post("/v1/embeddings", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert "photosynthesis" not in reply.text
    assert engine.seen == []


async def test_a_form_that_any_page_could_send_is_refused(engine: HeldEngine) -> None:
    async with client_of(engine) as client:
        reply = await client.post("/v1/embeddings", content='{"input": "a"}', headers={"content-type": "text/plain"})
    assert reply.status_code == 415


async def test_where_there_is_a_key_it_is_asked_for(engine: HeldEngine) -> None:
    body = {"input": "a", "input_type": "query"}
    async with client_of(engine, key="k") as client:
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/v1/models")).status_code == 401
        assert (await client.post("/v1/embeddings", json=body)).status_code == 401
        wrong = await client.post("/v1/embeddings", json=body, headers={"authorization": "Bearer x"})
        right = await client.post("/v1/embeddings", json=body, headers={"authorization": "Bearer k"})
    assert (wrong.status_code, right.status_code) == (401, 200)


async def test_a_failing_engine_is_an_error_that_quotes_nothing(
    engine: HeldEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_of(engine) as client:
        failed = await client.post("/v1/embeddings", json={"input": "bad", "input_type": "query"})
    assert failed.status_code == 500
    assert "bad" not in failed.text + caplog.text


async def test_a_full_lane_is_a_503_with_the_time_to_wait(engine: HeldEngine) -> None:
    async with client_of(engine) as client, asyncio.TaskGroup() as tasks:
        body = {"input": ["a"] * TEXTS_MAX}
        waiting = [
            tasks.create_task(client.post("/v1/embeddings", json=body)) for _ in range(PASSAGES_WAITING // TEXTS_MAX)
        ]
        assert await asyncio.to_thread(engine.reached.acquire, timeout=WAIT_SECONDS)
        full = await client.post("/v1/embeddings", json=body)
        engine.release(PASSAGES_WAITING)
    assert full.status_code == 503
    assert int(full.headers["retry-after"]) >= 1
    assert all(task.result().is_success for task in waiting)
