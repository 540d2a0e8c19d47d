"""The chat endpoints: parse, ask a service, answer."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from ninja import Body, File, Form, Query, Router
from ninja.files import UploadedFile

from apps.chat import replies, selectors
from apps.chat.prompt_bodies import PromptBody
from apps.chat.schemas import (
    ChatReply,
    ChatRequest,
    ConversationDetail,
    ConversationName,
    ConversationOut,
    ConversationPage,
    ConversationPatch,
    ModelsOut,
    StopReply,
)
from apps.chat.search_schemas import ConversationHit, ConversationHits
from apps.chat.services import conversation as conversations
from apps.chat.services.answering import Position, answer_of, answer_stream, follow_stream, stop_answer, stop_run
from apps.chat.services.live_feed import live_feed
from apps.chat.services.markdown_export import export_open, markdown_stream
from apps.chat.services.running import runner
from apps.chat.services.searching import conversations_search
from apps.chat.services.uploading import files_take
from apps.core.access import caller_of, remember_session
from apps.core.async_client import worker
from apps.core.openapi import Problem
from apps.core.problems import request_id_of
from apps.core.sse import sse_response
from apps.core.units_of_work import unit_of_work

router = Router(tags=["chat"])
EVENT_STREAM = "text/event-stream"
FRAMES = {"description": "Server-Sent Events, the frames of an answer", "content": {EVENT_STREAM: {}}}
STREAM_DOC: dict[str, Any] = {
    "responses": {
        200: FRAMES,
        404: {"description": "There is no such conversation, message or document, or it is somebody else's."},
        409: {"description": "An answer is being written in this conversation, or the prompt cannot stand there."},
    }
}
FOLLOW_DOC: dict[str, Any] = {
    "responses": {200: FRAMES, 204: {"description": "Nothing is being answered, or has just been."}}
}
MARKDOWN = "text/markdown"
EXPORT_DOC: dict[str, Any] = {
    "responses": {
        200: {"description": "A Markdown file, made while it is read.", "content": {MARKDOWN: {}}},
        404: {"description": "There is no such conversation, or it is somebody else's."},
    }
}
PROBLEMS = {400: Problem, 403: Problem, 404: Problem, 409: Problem, 413: Problem, 415: Problem, 422: Problem}
ANSWERS = {200: ChatReply, **PROBLEMS, 429: Problem, 502: Problem, 503: Problem, 504: Problem}
READER_ID_MAX_CHARS = 64
QUERY_MAX_CHARS = 500
Limit = Annotated[int, Query(ge=1, le=200)]


def position_of(request: HttpRequest) -> Position:
    """Where the reader of a stream stands, as it says itself."""
    return Position(
        reader_id=request.headers.get("X-Reader-ID", "")[:READER_ID_MAX_CHARS],
        last_event_id=request.headers.get("Last-Event-ID", ""),
        generation_id=request.GET.get("generation_id", ""),
    )


@router.post("/chat/", response=ANSWERS)
async def send_message(request: HttpRequest, body: Body[PromptBody]) -> ChatReply:
    """Answer a prompt and return both messages once the answer is whole."""
    started = await runner().begin(caller=caller_of(request), body=body)
    remember_session(request, started.session_key)
    return await answer_of(started)


@router.post("/chat/stream/", openapi_extra=STREAM_DOC)
async def stream_message(request: HttpRequest, body: Body[PromptBody]) -> HttpResponseBase:
    """Answer a prompt as a stream, which begins as soon as the prompt is committed."""
    started = await runner().begin(caller=caller_of(request), body=body)
    remember_session(request, started.session_key)
    return sse_response(await answer_stream(started, position_of(request)), joins=True)


@router.post("/chat/file/", response=ANSWERS)
async def send_files(
    request: HttpRequest, file: File[list[UploadedFile]], body: Form[ChatRequest]
) -> ChatReply | HttpResponseBase:
    """Read files, then answer a prompt on them: whole, or as a stream with `Accept: text/event-stream`."""
    runner().refuse_when_full()
    is_stream = EVENT_STREAM in request.headers.get("Accept", "")
    sent = await files_take(caller=caller_of(request), files=file, body=body, is_stream=is_stream)
    started = await runner().begin(caller=sent.caller, body=sent.body)
    remember_session(request, started.session_key or sent.session_key)
    if is_stream:
        return sse_response(await answer_stream(started, position_of(request)), joins=True)
    return await answer_of(started)


@router.get("/chat/{conversation_id}/stream/", openapi_extra=FOLLOW_DOC)
async def follow_answer(request: HttpRequest, conversation_id: ConversationName) -> HttpResponseBase:
    """Follow the running answer from its first frame, or one that has just ended; else 204."""
    stream = await follow_stream(
        caller=caller_of(request), conversation_id=conversation_id, position=position_of(request)
    )
    return sse_response(stream, joins=True) if stream else HttpResponse(status=204)


@router.get("/chat/stream/{conversation_id}/stream/", openapi_extra=FOLLOW_DOC)
async def follow_answer_of_ai_sdk(request: HttpRequest, conversation_id: ConversationName) -> HttpResponseBase:
    """The same where the AI SDK asks; 204 also for a conversation that does not exist yet, since it asks at once."""
    known = await unit_of_work(
        selectors.conversation_is_known, caller=caller_of(request), conversation_id=conversation_id
    )
    return await follow_answer(request, conversation_id) if known else HttpResponse(status=204)


@router.post("/chat/{conversation_id}/stop/", response={200: StopReply, **PROBLEMS})
async def stop(request: HttpRequest, conversation_id: ConversationName) -> StopReply:
    """Stop the running answer and return it as far as it came; also when it had already ended."""
    message = await stop_answer(caller=caller_of(request), conversation_id=conversation_id)
    return StopReply(message=await unit_of_work(replies.message_out, message))


@router.get("/conversations/", response={200: ConversationPage, **PROBLEMS})
async def list_conversations(
    request: HttpRequest,
    cursor: str = "",
    limit: Limit = selectors.PAGE_DEFAULT,
    course_id: UUID | None = None,
    archived: bool = False,
    pinned: bool | None = None,
) -> ConversationPage:
    """The caller's conversations, newest first, archived or not; those of a course, those that are pinned or not."""
    rows, next_cursor = await unit_of_work(
        selectors.conversation_list,
        caller=caller_of(request),
        cursor=cursor,
        limit=limit,
        course_id=course_id,
        archived=archived,
        pinned=pinned,
    )
    return ConversationPage(items=[replies.conversation_out(row) for row in rows], next_cursor=next_cursor)


@router.get("/conversations/search/", response={200: ConversationHits, **PROBLEMS})
async def search_conversations(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=QUERY_MAX_CHARS)],
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> ConversationHits:
    """Conversations with the words of `q` in their title or in a message, best first; its last word may be half."""
    found = await unit_of_work(conversations_search, caller=caller_of(request), q=q, limit=limit)
    return ConversationHits(items=[ConversationHit.of(each) for each in found])


@router.get("/conversations/{conversation_id}/", response={200: ConversationDetail, **PROBLEMS})
async def get_conversation(
    request: HttpRequest,
    conversation_id: ConversationName,
    before: UUID | None = None,
    limit: Limit = selectors.MESSAGES_DEFAULT,
) -> ConversationDetail:
    """A conversation and the last messages of its active branch."""
    return await unit_of_work(
        replies.conversation_detail,
        caller=caller_of(request),
        conversation_id=conversation_id,
        before=before,
        limit=limit,
    )


@router.patch("/conversations/{conversation_id}/", response={200: ConversationOut, **PROBLEMS})
async def patch_conversation(
    request: HttpRequest, conversation_id: ConversationName, body: ConversationPatch
) -> ConversationOut:
    """Rename, pin, archive, move to a course, or show another branch."""
    changed = await unit_of_work(
        conversations.conversation_update, caller=caller_of(request), conversation_id=conversation_id, patch=body
    )
    if body.title:
        live_feed().title_changed(changed.pk)
    return replies.conversation_out(changed)


@router.delete("/conversations/{conversation_id}/", response={204: None, **PROBLEMS})
async def delete_conversation(request: HttpRequest, conversation_id: ConversationName) -> HttpResponse:
    """Delete it with its messages, for now so that it can be restored; its files stay. Its answer is stopped."""
    caller = caller_of(request)
    await stop_run(caller=caller, conversation_id=conversation_id)
    begun = await unit_of_work(conversations.conversation_delete, caller=caller, conversation_id=conversation_id)
    runner().stop(begun)
    return HttpResponse(status=204)


@router.post("/conversations/{conversation_id}/restore/", response={200: ConversationOut, **PROBLEMS})
async def restore_conversation(request: HttpRequest, conversation_id: ConversationName) -> ConversationOut:
    """Bring back one that was deleted, as it was; after DELETED_KEEP_HOURS it is gone for good."""
    restored = await unit_of_work(
        conversations.conversation_restore, caller=caller_of(request), conversation_id=conversation_id
    )
    return replies.conversation_out(restored)


@router.get("/conversations/{conversation_id}/export/", openapi_extra=EXPORT_DOC)
async def export_conversation(request: HttpRequest, conversation_id: ConversationName) -> StreamingHttpResponse:
    """Its active branch as a Markdown file, the sources of answers in footnotes."""
    opened = await unit_of_work(export_open, caller=caller_of(request), conversation_id=conversation_id)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=opened.filename) or "",
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(markdown_stream(opened), content_type=f"{MARKDOWN}; charset=utf-8", headers=headers)


@router.get("/models/", response={200: ModelsOut, 503: Problem}, by_alias=True)
async def list_models(request: HttpRequest) -> ModelsOut:
    """Which models can answer now, and what each can do."""
    return ModelsOut.model_validate(await worker().models(request_id=request_id_of(request)))
