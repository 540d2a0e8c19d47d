"""The frames that the gateway itself adds to a stream: the first ones and the last."""

from typing import Any

from apps.chat.models import Message, State
from apps.chat.notices import Notice
from apps.chat.outcomes import Outcome
from apps.chat.services.starting import Started
from apps.chat.written import Written
from apps.core.sse import frame
from apps.documents.schemas import DocumentOut

START_STEP = frame("start-step")
TEXT_ID = "answer"  # the worker writes the text under this id; one text per answer
REASONING_ID = "reasoning"  # the worker's name for a part of thinking
TEXT_END = frame("text-end", id=TEXT_ID)
REASONING_END = frame("reasoning-end", id=REASONING_ID)
WORKER_AWAY = frame(
    "data-notice",
    transient=True,
    data={"code": "worker_away", "message": "The part that talks to the models is away; waiting for it to come back."},
)


def start(started: Started) -> bytes:
    """The first frame: sent as soon as the prompt is committed."""
    metadata: dict[str, Any] = {
        "conversation_id": str(started.conversation_id),
        "user_message_id": str(started.user_message_id),
        "generation_id": str(started.generation_id),
    }
    if started.documents:
        metadata["documents"] = [DocumentOut.of(doc).model_dump(mode="json") for doc in started.documents]
    return frame("start", messageId=str(started.answer_id), messageMetadata=metadata)


def notice(said: Notice) -> bytes:
    return frame("data-notice", transient=True, data={"code": said.code, "message": said.message})


def sources(message: Message) -> list[bytes]:
    """Each document once, then what each claim of the answer rests on."""
    parts = [part for part in message.parts if part["type"] == "source"]
    filenames = {part["document_id"]: part["filename"] for part in parts if part["document_id"]}
    documents = [
        frame("source-document", sourceId=pk, mediaType="text/plain", title=name, filename=name)
        for pk, name in filenames.items()
    ]
    citations = [frame("data-citation", data={"source_id": part["document_id"], **part}) for part in parts]
    return [*documents, *citations]


def ending(message: Message, outcome: Outcome) -> list[bytes]:
    """The last frames of a run, sent only once the message is saved."""
    if outcome.state == State.STOPPED:
        return [frame("abort")]
    if outcome.problem:
        return told(outcome.problem)
    return [TEXT_END, *sources(message), frame("finish-step"), _finish(message)]


def told(problem: dict[str, Any]) -> list[bytes]:
    """The last frames of an answer that failed, with the problem document of why."""
    return [frame("data-problem", data=problem), frame("error", errorText=problem["detail"])]


def chosen(*, provider: str, model: str) -> bytes:
    return frame("message-metadata", messageMetadata={"provider": provider, "model": model})


def first(started: Started) -> list[bytes]:
    """The first frames of a new run: what it goes on from, if anything, as its beginning."""
    return resumed(started, started.begun)


def resumed(started: Started, written: Written) -> list[bytes]:
    """The first frames of a new epoch: what is written already, as its beginning."""
    begun = [start(started), START_STEP]
    if written.provider:
        begun.append(chosen(provider=written.provider, model=written.model))
    if written.reasoning:
        begun += [
            frame("reasoning-start", id=REASONING_ID),
            frame("reasoning-delta", id=REASONING_ID, delta=written.reasoning),
            REASONING_END,
        ]
    if written.text:
        begun += [frame("text-start", id=TEXT_ID), frame("text-delta", id=TEXT_ID, delta=written.text)]
    return begun


def _finish(message: Message) -> bytes:
    return frame(
        "finish",
        finishReason=message.finish_reason or "stop",
        messageMetadata={
            "state": message.state,
            "usage": {"input_tokens": message.input_tokens, "output_tokens": message.output_tokens},
            "receipt": message.receipt,
        },
    )


def replay(started: Started, message: Message) -> list[bytes]:
    """An answer that ended earlier, as the stream it was."""
    return [
        start(started),
        START_STEP,
        chosen(provider=message.provider, model=message.model),
        frame("text-start", id=TEXT_ID),
        frame("text-delta", id=TEXT_ID, delta=message.text),
        TEXT_END,
        *sources(message),
        frame("finish-step"),
        _finish(message),
    ]
