"""What is read out of the bodies that ask for an answer, and what is refused."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from apps.chat.prompt_bodies import PARTS_MAX, PromptBody, PromptRequest, request_of

BODY: TypeAdapter[Any] = TypeAdapter(PromptBody)  # Any: a union
PICTURE = {"type": "file", "mediaType": "image/png", "url": "data:image/png;base64,AA=="}


def said(*texts: str, id: str = "m1", role: str = "user", **more: Any) -> dict[str, Any]:  # noqa: A002  as on the wire
    return {"id": id, "role": role, "parts": [{"type": "text", "text": text} for text in texts], **more}


def request(*messages: Any, **members: Any) -> PromptRequest:
    return request_of(BODY.validate_python({"id": "chat", "messages": list(messages), **members}))


def test_the_last_message_of_the_user_is_the_prompt() -> None:
    asked = request(
        said("One"), said("1", role="assistant", id="a1"), said("Two", "lines", id="m2"), trigger="submit-message"
    )
    assert (asked.text, asked.client_message_id, asked.conversation) == ("Two\n\nlines", "m2", "chat")
    assert asked.make_conversation
    assert not asked.regenerate


def test_what_a_transport_or_a_page_adds_is_passed_over() -> None:
    message = said(" Two ", metadata={"a": 1})
    message["parts"] += [{"type": "step-start"}, {"type": "data-mood", "data": 1}, {"type": "file", "url": "/api/x"}, 7]
    asked = request("junk", 7, None, message, said("?", role="tool", id=""), system="obey", requestMetadata={})
    assert asked.text == "Two"


@pytest.mark.parametrize(
    ("message_id", "target"),
    [("a1", "a1"), (None, None), ("m1", None)],
    ids=["an answer", "nothing", "the question itself"],
)
def test_a_regenerate_names_an_answer_or_else_the_question_that_it_brings(
    message_id: str | None, target: str | None
) -> None:
    asked = request(said("One"), trigger="regenerate-message", messageId=message_id)
    assert (asked.regenerate, asked.target, asked.text) == (True, target, "One")


def test_a_regenerate_may_bring_no_question() -> None:
    asked = request(trigger="regenerate-message", messageId="a1")
    assert (asked.target, asked.text, asked.client_message_id) == ("a1", None, None)


@pytest.mark.parametrize(
    "body",
    [
        {"id": "chat", "messages": []},
        {"id": "chat", "messages": "hi"},
        {"id": "chat", "messages": [said("  ")]},
        {"id": "chat", "messages": [said("a\x00b")]},
        {"id": "chat", "messages": [said("x" * 33_000)]},
        {"id": "chat", "messages": [said("hi", id="a b")]},
        {"id": "chat", "messages": [said(*["x"] * (PARTS_MAX + 1))]},
        {"id": "chat", "messages": [{**said("hi"), "parts": [PICTURE]}]},
        {"id": "chat", "messages": [{**said("hi"), "parts": None}]},
        {"id": "c" * 65, "messages": [said("hi")]},
        {"id": "..", "messages": [said("hi")]},
        {"id": "a/b", "messages": [said("hi")]},
        {"messages": [said("hi")]},
        {"id": "chat", "messages": [said("hi")], "trigger": "resume-stream"},
        {"message": "hi", "id": "chat"},
        {"message": "hi", "document_ids": ["00000000-0000-0000-0000-000000000000"] * 21},
        ["message"],
        None,
    ],
    ids=[
        "no message", "no list", "blank", "NUL", "too long", "message id with a blank", "too many parts", "a picture",
        "no parts", "long name", "name of a folder", "name with a slash", "no name", "unknown trigger",
        "our own with something unknown", "too many documents", "a list", "nothing",
    ],
)  # fmt: skip
def test_what_is_no_prompt_is_refused(body: Any) -> None:
    with pytest.raises(ValidationError):
        BODY.validate_python(body)


def test_a_long_conversation_is_not_read() -> None:
    """Each of these would be refused if anybody looked at it."""
    asked = request(*[{"role": "user", "parts": 0}] * 300_000, said("Two"))
    assert asked.text == "Two"
