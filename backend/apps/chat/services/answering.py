"""What the endpoints ask for: an answer as a whole, as a stream, followed, or stopped."""

from collections.abc import AsyncIterator
from uuid import UUID

from apps.chat import frames, replies, selectors
from apps.chat.models import Generation, Message
from apps.chat.schemas import ChatReply
from apps.chat.services.running import runner
from apps.chat.services.starting import Started
from apps.core.access import Caller
from apps.core.async_client import error_of
from apps.core.errors import Conflict, NotFound
from apps.core.sse import DONE
from apps.core.units_of_work import unit_of_work


async def answer_of(started: Started) -> ChatReply:
    """Wait for the answer and return both messages.

    Raises: ProviderError with the problem that ended the run; it carries the ids, since the prompt is kept.
    """
    run = await runner().result(started.generation_id)
    if run and run.problem:
        raise error_of(
            run.problem,
            conversation_id=str(started.conversation_id),
            user_message_id=str(started.user_message_id),
            generation_id=str(started.generation_id),
        )
    reply = await unit_of_work(replies.chat_reply, started)
    if reply is None:
        raise NotFound("This answer does not exist any more; the conversation may have been deleted.")
    return reply


async def answer_stream(started: Started) -> AsyncIterator[bytes]:
    """The frames of an answer from its first on: live, or as it was saved when it ended before."""
    stream_log = runner().stream_log
    if not stream_log.holds(started.generation_id):
        message = await unit_of_work(Message.objects.filter(pk=started.answer_id).first)
        if message:
            yield b"".join([*frames.replay(started, message), DONE])
        return
    async for chunk in stream_log.follow(started.generation_id):
        yield chunk


async def follow_stream(*, caller: Caller, conversation_id: UUID) -> AsyncIterator[bytes] | None:
    """The stream of the conversation's last answer while it can be followed. Raises: NotFound."""
    generation = await unit_of_work(_last_generation, caller=caller, conversation_id=conversation_id)
    if generation is None or not runner().stream_log.holds(generation.pk):
        return None
    return runner().stream_log.follow(generation.pk)


async def stop_answer(*, caller: Caller, conversation_id: UUID) -> Message:
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


async def stop_run(*, caller: Caller, conversation_id: UUID) -> Generation | None:
    """End what runs in a conversation; its last generation, if it has any. Raises: NotFound."""
    generation = await unit_of_work(_last_generation, caller=caller, conversation_id=conversation_id)
    if generation:
        await runner().stop(generation.pk)
    return generation


def _last_generation(*, caller: Caller, conversation_id: UUID) -> Generation | None:
    conversation = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    return conversation.generations.order_by("-created_at").first()
