"""The worker is down, comes back, or does not know us."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.stack import Stack, running_stack
from tests.streams import chat, csrf, metadata_of, text_of, tokens

pytestmark = pytest.mark.waits


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(
        tmp_path_factory.mktemp("away"), start_worker=False, gateway={"WORKER_PATIENCE_SECONDS": "0.5"}
    ) as running:
        yield running


def test_the_prompt_is_kept_and_retried_when_the_worker_is_back(stack: Stack) -> None:
    client = stack.client()
    client.get("/api/session/")
    body = {"message": "Still there? [[tokens=6]]", "client_message_id": str(uuid4())}
    refused = client.post("/api/chat/", json=body, headers=csrf(client))
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    problem = refused.json()
    assert problem["code"] == "worker_unavailable"
    streamed = chat(client, **{**body, "client_message_id": str(uuid4())})
    assert [frame.type for frame in streamed[-3:]] == ["data-problem", "error", "[DONE]"]
    kept = client.get(f"/api/conversations/{problem['conversation_id']}/").json()
    assert kept["messages"][0]["id"] == problem["user_message_id"]
    assert kept["messages"][0]["client_message_id"] == body["client_message_id"]
    assert kept["messages"][1]["error"]["code"] == "worker_unavailable"

    stack.worker.start()
    again = chat(client, **body)
    assert text_of(again) == tokens(6)
    assert metadata_of(again)["user_message_id"] == problem["user_message_id"]
    whole = client.get(f"/api/conversations/{problem['conversation_id']}/").json()
    assert [message["state"] for message in whole["messages"]] == ["complete", "complete"]
    assert len(client.get("/api/conversations/").json()["items"]) == 2


def test_a_worker_that_stays_away_ends_the_answer_with_what_was_written(tmp_path: Path) -> None:
    with running_stack(tmp_path, gateway={"WORKER_PATIENCE_SECONDS": "1"}) as own, own.client() as client:
        with client.stream("POST", "/api/chat/stream/", json={"message": "[[tokens=900 rate=40]]"}) as answer:
            lines = answer.iter_lines()
            seen: list[str] = []
            while not (seen and "text-delta" in seen[-1]):
                seen.append(next(lines))
            own.worker.kill()
            seen.extend(lines)
        assert seen[-2] == "data: [DONE]"
        assert client.get("/health/ready").status_code == 200
        saved = client.get("/api/conversations/").json()["items"][0]
        message = client.get(f"/api/conversations/{saved['id']}/").json()["messages"][1]
        assert message["state"] == "failed"
        assert message["error"]["code"] == "worker_unavailable"
        assert message["text"]


def test_a_secret_that_differs_is_told_without_reaching_a_provider(tmp_path: Path) -> None:
    with running_stack(tmp_path, gateway={"FASTAPI_SECRET": "another"}) as own, own.client() as client:
        refused = client.post("/api/chat/", json={"message": "hi"})
        assert refused.status_code == 503
        assert refused.json()["code"] == "worker_misconfigured"
        assert own.provider.log() == []
