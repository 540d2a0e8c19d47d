"""The embedding model as its users have it: a process of its own, the real weights."""

import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from embedding_model import engine
from embedding_model.engine import Kind, readable, why_unusable
from tests.model_processes import ModelProcess

EMBEDDINGS = ModelProcess("embedding_model", "EMBEDDINGS_PORT")
FACTS = {
    "What do plants make out of sunlight?": "Photosynthesis turns light into chemical energy, stored as sugar.",
    "Who ruled Rome first as emperor?": "Augustus took power in 27 BC after the end of the Republic.",
    "Why does ice float?": "Frozen water is less dense than liquid water, because its crystals are wide.",
    "Que fabriquent les mitochondries ?": "Mitochondria produce ATP, the fuel of the cell.",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The model's address without /v1, when it is ready."""
    with EMBEDDINGS.serving(tmp_path_factory.mktemp("model"), kept_private="photosynthesis") as address:
        yield address


def embed(address: str, texts: list[str], kind: Kind) -> list[list[float]]:
    body = {"input": texts, "input_type": kind}
    reply = httpx.post(f"{address}/v1/embeddings", json=body, timeout=60, trust_env=False).raise_for_status()
    return [each["embedding"] for each in reply.json()["data"]]


def long_request() -> bytes:
    """A request that takes minutes, as it goes over the wire."""
    body = orjson.dumps({"input": ["word " * 1500] * 64})
    head = f"POST /v1/embeddings HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n"
    return f"{head}content-type: application/json\r\n\r\n".encode() + body


def product(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.local_model
def test_a_question_is_nearest_to_what_answers_it_in_other_words_also_across_languages(address: str) -> None:
    passages = embed(address, list(FACTS.values()), "passage")
    assert {len(vector) for vector in passages} == {384}
    assert [product(vector, vector) for vector in passages] == pytest.approx([1.0] * len(FACTS), abs=1e-5)
    for number, vector in enumerate(embed(address, list(FACTS), "query")):
        near = [product(vector, passage) for passage in passages]
        assert near.index(max(near)) == number


@pytest.mark.local_model
def test_question_and_passage_are_told_to_the_model_as_what_they_are(address: str) -> None:
    asked, told = (embed(address, ["the same text"], kind)[0] for kind in ("query", "passage"))
    assert product(asked, told) < 0.9999


@pytest.mark.local_model
@pytest.mark.parametrize(
    "text",
    ["\ufdfa" * 100, "\0" * 10, " ", "\U0001f600" * 300, "a" * 1000, "\u0301" * 500, "\u200b", "\uffff"],
    ids=["ligature", "nul", "space", "emoji", "long word", "accents", "nothing seen", "no character"],
)
def test_a_text_of_any_characters_has_a_unit_vector(address: str, text: str) -> None:
    vector = embed(address, [text], "passage")[0]
    assert product(vector, vector) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.local_model
def test_what_stands_behind_a_nul_counts(address: str) -> None:
    whole, cut = embed(address, ["cell\0membrane and its proteins", "cell"], "passage")
    assert product(whole, cut) < 0.99


def test_no_character_grows_beyond_what_the_engine_reserves_for_it() -> None:
    """Four characters for each byte of the text, in C, without a check."""
    grown = readable("\ufdfa")
    assert len(grown) <= 4 * len(grown.encode())
    assert readable(grown) == grown


@pytest.mark.local_model
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_also_while_it_computes(tmp_path: Path, stop: signal.Signals) -> None:
    with EMBEDDINGS.started(tmp_path) as (process, address):
        url = httpx.URL(address)
        with socket.create_connection((url.host, url.port or 0)) as client:
            client.sendall(long_request())
            embed(address, ["is it busy?"], "query")
            process.send_signal(stop)
            assert process.wait(2) == 0


@pytest.mark.local_model
def test_it_does_not_outlive_who_started_it(tmp_path: Path) -> None:
    EMBEDDINGS.must_not_outlive_who_started_it(tmp_path)


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    EMBEDDINGS.refuse_a_taken_port(tmp_path)


def test_a_cpu_that_cannot_run_it_is_said_before_it_would_die(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    monkeypatch.setattr(engine, "CPU_FACTS", facts)
    monkeypatch.setattr(sys, "platform", "linux")
    facts.write_text("processor\t: 0\nflags\t\t: fpu sse2 fma bmi2\n")
    assert "needs a CPU with avx2" in why_unusable()
    facts.write_text("processor\t: 0\nflags\t\t: fpu sse2 fma bmi2 avx2\n")
    assert why_unusable() == ""


def test_a_system_without_a_build_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PACKAGE", "no_such_package")
    assert "EMBEDDINGS_BASE_URL" in why_unusable()
