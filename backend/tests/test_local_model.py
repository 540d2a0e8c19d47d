"""The product as a newcomer has it: no key, the embedded model, a real PDF."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from apps.documents.tests import sample_files
from canaries import SECRET
from tests.stack import Service, Stack, clean_environment, free_port, running_stack
from tests.streams import chat, csrf, metadata_of, text_of

pytestmark = pytest.mark.local_model


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("local")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    model = Service(
        name="local model",
        command=[sys.executable, "-m", "local_model"],
        url=url,
        health="/health",
        env=clean_environment(folder, {"LOCAL_LLM_PORT": str(port)}),
        log=folder / "model.log",
    )
    model.start()
    own = {"LOCAL_LLM_BASE_URL": f"{url}/v1", "LOCAL_LLM_EMBEDDED": "true", "LOCAL_LLM_MODEL": ""}
    try:
        with running_stack(folder, worker={**own, "LOCAL_LLM_CONCURRENCY": "2"}) as running:
            yield running
    finally:
        model.end()


def test_it_says_that_it_is_weak(stack: Stack) -> None:
    provider = stack.client().get("/api/models/").json()["providers"][0]
    assert provider["weak"] is True


def test_a_question_is_answered_as_a_stream_and_kept(stack: Stack) -> None:
    client = stack.client()
    frames = chat(client, "What is photosynthesis? Answer in one sentence.")
    assert sum(frame.type == "text-delta" for frame in frames) > 3
    assert len(text_of(frames)) > 20
    kept = client.get(f"/api/conversations/{metadata_of(frames)['conversation_id']}/").json()["messages"]
    assert kept[1]["text"] == text_of(frames)
    assert kept[1]["usage"]["output_tokens"] > 3


def test_a_real_pdf_is_answered_with_the_passages_that_hold_the_answer(stack: Stack) -> None:
    client = stack.client()
    client.get("/api/session/")
    reply = client.post(
        "/api/chat/file/",
        data={"message": "Where does the Calvin cycle take place?"},
        files={"file": ("biology.pdf", sample_files.study_pdf(pages=12), "application/pdf")},
        headers=csrf(client),
        timeout=170,
    ).json()
    assert reply["assistant_message"]["state"] == "complete"
    assert reply["assistant_message"]["text"]
    sources = [part for part in reply["assistant_message"]["parts"] if part["type"] == "source"]
    assert any("stroma" in source["quote"] for source in sources)


def ask_worker(stack: Stack, text: str, **fields: Any) -> str:
    """What the worker's embedded model says; Any: JSON."""
    body = {"messages": [{"role": "user", "content": text}], "temperature": 0, "max_output_tokens": 24, **fields}
    response = httpx.post(
        f"{stack.worker.url}/chatbot", json=body, headers={"X-Internal-Secret": SECRET}, timeout=60, trust_env=False
    )
    answer: str = response.raise_for_status().json()["response"]
    return answer


def test_it_goes_on_from_the_beginning_of_an_answer(stack: Stack) -> None:
    answer = ask_worker(stack, "Count from 1 to 20.", continue_from="1, 2, 3, 4, 5,")
    assert answer.startswith(" 6, 7, 8")


def test_it_keeps_to_a_schema_by_its_grammar(stack: Stack) -> None:
    properties = {"colour": {"enum": ["red", "blue"]}, "warm": {"type": "boolean"}}
    schema = {"type": "object", "properties": properties, "required": ["colour", "warm"], "additionalProperties": False}
    answer = json.loads(ask_worker(stack, "What colour is fire? Is it warm?", response_schema=schema))
    assert answer["colour"] in {"red", "blue"}
    assert isinstance(answer["warm"], bool)
