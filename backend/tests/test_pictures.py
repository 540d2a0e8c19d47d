"""A photo goes to a model that sees, else what OCR read in it does, and the student is told which: real processes."""

import io
import shutil
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from apps.documents.tests.sample_formats import picture_file
from canaries import KEY
from tests.conversations import ask
from tests.stack import Stack, running_stack
from tests.streams import csrf, frames_of

WORDS = "Osmosis moves water\nthrough the membrane."
needs_ocr = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs tesseract-ocr")
Json = dict[str, Any]  # Any: JSON


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product of two models: the first one does not see, the other one does."""
    with running_stack(tmp_path_factory.mktemp("seeing"), start_worker=False) as running:
        running.worker.env.update(
            LLM_PROVIDERS="local,gemini", GEMINI_API_KEY=KEY, GEMINI_BASE_URL=running.provider.url_of("gemini")
        )
        running.worker.start()
        yield running


@pytest.fixture
def student(seeing: Stack) -> httpx.Client:
    return seeing.client()


def asked_about(client: httpx.Client, content: bytes, message: str, **fields: str) -> Json:
    files = {"file": ("board.png", content, "image/png")}
    answer = client.post("/api/chat/file/", data={"message": message, **fields}, files=files, headers=csrf(client))
    assert answer.status_code == 200, answer.text
    reply: Json = answer.json()
    return reply


def notices(reply: Json) -> list[tuple[str, str]]:
    return [(part["code"], part["message"]) for part in reply["assistant_message"]["parts"] if part["type"] == "notice"]


def last_message(stack: Stack, marker: str, *, provider: str) -> tuple[str, list[Image.Image]]:
    """What this provider read last of the prompt with `marker`: the text, and the pictures."""
    entry = stack.provider.entry_when(
        lambda each: marker in str(each["messages"]) and each["provider"] == provider and each["closed_by"]
    )
    content = entry["messages"][-1]["content"]
    if isinstance(content, str):
        return content, []
    texts = [part["text"] for part in content if part["type"] == "text"]
    pictures = [part for part in content if part["type"] == "image"]
    assert {part["media_type"] for part in pictures} == {"image/jpeg"}
    return "".join(texts), [Image.open(io.BytesIO(b64decode(part["data"]))) for part in pictures]


def test_a_photo_goes_to_the_model_that_sees(seeing: Stack, student: httpx.Client) -> None:
    marker = uuid4().hex
    reply = asked_about(student, picture_file(WORDS), f"{marker} [[tokens=3]]")
    assert reply["assistant_message"]["provider"] == "gemini"
    assert notices(reply) == [("image_seen", "Shown to the model as a picture: “board.png”.")]
    text, (picture,) = last_message(seeing, marker, provider="gemini")
    assert picture.size == (1400, 500)
    assert "board.png: shown below as picture 1." in text
    # And again with the next question, which asks for what was not written down.
    marker = uuid4().hex
    reply = ask(student, f"{marker} [[tokens=3]]", conversation_id=reply["conversation"]["id"])
    assert [code for code, _ in notices(reply)] == ["image_seen"]
    assert len(last_message(seeing, marker, provider="gemini")[1]) == 1


def test_a_stream_says_that_it_was_seen(student: httpx.Client) -> None:
    files = {"file": ("board.png", picture_file(WORDS), "image/png")}
    headers = {"Accept": "text/event-stream"}
    data = {"message": "What is it? [[tokens=3]]"}
    with student.stream("POST", "/api/chat/file/", data=data, files=files, headers=headers) as answer:
        frames = list(frames_of(answer.iter_lines()))
    told = [frame.data["data"]["code"] for frame in frames if frame.type == "data-notice"]
    assert told.count("image_seen") == 1


@needs_ocr
def test_a_model_that_was_chosen_and_does_not_see_gets_the_text(seeing: Stack, student: httpx.Client) -> None:
    marker = uuid4().hex
    reply = asked_about(student, picture_file(WORDS), f"{marker} [[tokens=3]]", provider="local")
    assert reply["assistant_message"]["provider"] == "local"
    ((code, message),) = notices(reply)
    assert (code, "the text that OCR read in it" in message) == ("image_by_ocr", True)
    text, pictures = last_message(seeing, marker, provider="local")
    assert ("Osmosis moves water" in text, pictures) == (True, [])
    # The words that were read can be cited.
    assert any("Osmosis" in part.get("quote", "") for part in reply["assistant_message"]["parts"])


@needs_ocr
def test_where_the_model_that_sees_is_down_the_text_goes_to_the_other(seeing: Stack, student: httpx.Client) -> None:
    marker = uuid4().hex
    reply = asked_about(student, picture_file(WORDS), f"{marker} [[tokens=3 gemini.fault=401]]")
    assert reply["assistant_message"]["provider"] == "local"
    ((code, message),) = notices(reply)
    assert (code, "the models that see pictures did not answer" in message) == ("image_by_ocr", True)
    assert "Osmosis moves water" in last_message(seeing, marker, provider="local")[0]


def test_what_nobody_can_see_or_read_is_said_plainly(stack: Stack, visitor: httpx.Client) -> None:
    marker = uuid4().hex
    reply = asked_about(visitor, picture_file(""), f"{marker} [[tokens=3]]")
    ((code, message),) = notices(reply)
    assert code == "image_by_ocr"
    assert message.startswith("The answer knows nothing of “board.png”: the model that answers cannot see pictures")
    assert "you know nothing of it" in last_message(stack, marker, provider="local")[0]
