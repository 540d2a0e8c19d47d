"""What the endpoints ask for: an answer as a whole, as a stream, followed, or stopped. Any process can serve any."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.chat import frames, replies, selectors
from apps.chat.models import LIVE, Generation, Message
from apps.chat.schemas import ChatReply
from apps.chat.services import transitions
from apps.chat.services.frame_log import generation_standing
from apps.chat.services.running import runner
from apps.chat.services.starting import Started
from apps.chat.stream_log import Log, end_of
from apps.core.access import Caller
from apps.core.async_client import error_of
from apps.core.errors import Conflict, NotFound, Unavailable
from apps.core.sse import DONE, KEEP_ALIVE
from apps.core.units_of_work import unit_of_work

LOOK_AGAIN_SECONDS = 0.2  # while an answer is between two processes
STOPPING_SECONDS = 5.0  # to close the socket and save, where the owner lives


@dataclass(frozen=True)
class Position:
    """Where a reader stands: what its tab calls itself, the last event that it has seen, and of which answer.

    Event ids begin anew with each answer, so they say nothing about another one.
    """

    reader_id: str = ""
    last_event_id: str = ""
    generation_id: str = ""

    def in_answer(self, generation_id: UUID) -> str:
        """The last event that it has seen of this answer; of any, where it does not say which it was reading."""
        return self.last_event_id if self.generation_id in ("", str(generation_id)) else ""


async def answer_of(started: Started) -> ChatReply:
    """Wait for the answer, whichever process ends it, and return both messages.

    Raises: ProviderError with the problem that ended the run, Unavailable when this process ends before; both carry
    the ids, since the prompt is kept and may be sent again.
    """
    ids = _ids(started)
    while not runner().draining:
        await _end_of(started.generation_id)
        reply, is_live = await unit_of_work(_reply, started)
        if reply and reply.assistant_message.state == "failed":
            raise error_of(await unit_of_work(_problem_of, started.answer_id), **ids)
        if reply:
            return reply
        if not is_live:
            raise NotFound("This answer does not exist any more; the conversation may have been deleted.")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise Unavailable("The server is restarting; send the same again.", code="draining", retry_after_s=5, **ids)


def _ids(started: Started) -> dict[str, Any]:
    return {
        "conversation_id": str(started.conversation_id),
        "user_message_id": str(started.user_message_id),
        "generation_id": str(started.generation_id),
    }


def _reply(started: Started) -> tuple[ChatReply | None, bool]:
    is_live = Generation.objects.filter(pk=started.generation_id, state__in=LIVE).exists()
    return replies.chat_reply(started), is_live


def _problem_of(answer_id: UUID) -> dict[str, Any]:
    return dict(Message.objects.values_list("error", flat=True).get(pk=answer_id) or {})


async def answer_stream(started: Started, position: Position) -> AsyncGenerator[bytes, None]:
    """The frames of an answer from its first on: live, or as it was saved when it ended before.

    Ends without `[DONE]` where the reader has to follow again.
    """
    answer_log = await _log_of(started.generation_id)
    if answer_log is None:
        return _as_saved(started)
    reader = runner().readers.new(user_id=started.user_id, name=position.reader_id)
    return runner().stream_log.follow(answer_log, reader=reader)


async def _as_saved(started: Started) -> AsyncGenerator[bytes, None]:
    message = await unit_of_work(Message.objects.filter(pk=started.answer_id).first)
    if message:
        yield b"".join([*frames.replay(started, message), DONE])


async def follow_stream(
    *, caller: Caller, conversation_id: str, position: Position
) -> AsyncGenerator[bytes, None] | None:
    """The stream of the conversation's last answer while it can be followed. Raises: NotFound."""
    generation = await unit_of_work(_last_generation, caller=caller, conversation_id=conversation_id)
    if generation is None:
        return None
    answer_log = await _log_of(generation.pk)
    if answer_log is None:
        return _come_again() if generation.state in LIVE else None
    reader = runner().readers.new(user_id=generation.conversation.user_id, name=position.reader_id)
    return runner().stream_log.follow(answer_log, reader=reader, after=position.in_answer(generation.pk))


async def _come_again() -> AsyncGenerator[bytes, None]:
    """A stream that ends at once: its reader follows again, and finds the answer here or in another process."""
    yield KEEP_ALIVE


async def _log_of(generation_id: UUID) -> Log | None:
    """The log of an answer that runs here, or one that is read from the database."""
    stream_log = runner().stream_log
    if (held := stream_log.get(generation_id)) is not None:
        return held
    if runner().draining:
        return None
    standing = await unit_of_work(generation_standing, generation_id=generation_id)
    opened = stream_log.open_foreign(generation_id, standing)
    runner().pulse.nudge()
    return opened


async def stop_answer(*, caller: Caller, conversation_id: str) -> Message:
    """Stop the conversation's running answer and return it as it was saved; also one that had ended before.

    Raises: NotFound, Conflict when there is no answer to speak of.
    """
    generation = await stop_run(caller=caller, conversation_id=conversation_id)
    if generation is None:
        raise Conflict("There is no answer to stop in this conversation.", code="nothing_to_stop")
    message = await unit_of_work(Message.objects.filter(pk=generation.answer_id).first)
    if message is None:
        raise Conflict("The answer could not be stopped; reload the conversation.", code="not_stopped")
    return message


async def stop_run(*, caller: Caller, conversation_id: str) -> Generation | None:
    """End what runs in a conversation, in whatever process; its last generation, if it has any. Raises: NotFound.

    Waits until it is saved: where its process has just died, until another has taken it over.
    """
    generation = await unit_of_work(_stop_request, caller=caller, conversation_id=conversation_id)
    if generation is None or generation.state not in LIVE:
        return generation
    runner().stop([generation.pk])
    patience_s = STOPPING_SECONDS + settings.GENERATION_LEASE_SECONDS
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while await unit_of_work(Generation.objects.filter(pk=generation.pk, state__in=LIVE).exists):
                await _end_of(generation.pk)
    return generation


async def _end_of(generation_id: UUID) -> None:
    """Return when the run has ended, or after a moment when nothing here can tell."""
    await runner().end_of(generation_id)
    answer_log = await _log_of(generation_id)
    if answer_log is None or answer_log.lost:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    else:
        await end_of(answer_log)


def _stop_request(*, caller: Caller, conversation_id: str) -> Generation | None:
    generation = _last_generation(caller=caller, conversation_id=conversation_id)
    if generation and generation.state in LIVE:
        transitions.request_stop(generation_id=generation.pk)
    return generation


def _last_generation(*, caller: Caller, conversation_id: str) -> Generation | None:
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    return selectors.last_generation(conversation)
