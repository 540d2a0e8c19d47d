"""The library: parse, ask a service, answer."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from ninja import File, Form, Path, Query, Router, Status
from ninja.files import UploadedFile

from apps.core.access import caller_of, remember_session
from apps.core.openapi import Problem
from apps.core.sse import sse_response
from apps.core.units_of_work import unit_of_work
from apps.documents import selectors
from apps.documents.schemas import (
    DocumentOut,
    DocumentPageOut,
    DocumentPatch,
    DocumentsAdded,
    HitList,
    HitOut,
    ReadPageOut,
)
from apps.documents.services.changing import document_update
from apps.documents.services.deleting import document_delete
from apps.documents.services.downloading import document_download
from apps.documents.services.picturing import page_picture
from apps.documents.services.progress import document_events, progress
from apps.documents.services.searching import documents_search
from apps.documents.services.storing import documents_add

router = Router(tags=["documents"])
GONE = {404: Problem}
POSITION_MAX = 2**31 - 1
QUERY_MAX_CHARS = 500
Limit = Annotated[int, Query(ge=1, le=200)]
PageNumber = Annotated[int, Path(ge=1, le=POSITION_MAX)]
Position = Annotated[int, Query(ge=0, le=POSITION_MAX)]
Words = Annotated[str, Query(min_length=1, max_length=QUERY_MAX_CHARS)]
EVENTS_DOC: dict[str, Any] = {  # Any: a piece of an OpenAPI document, as below
    "responses": {
        200: {
            "description": "Server-Sent Events: a frame `data-document` whose `data` is the document, at once and at "
            "each change, then `[DONE]` once it is ready or failed. If the stream ends without that, come again.",
            "content": {"text/event-stream": {}},
        }
    }
}
FILE_DOC: dict[str, Any] = {
    "responses": {
        200: {"description": "The file as it was uploaded.", "content": {"application/octet-stream": {}}},
        404: {"description": "There is no such document, or its file is not kept here."},
    }
}
IMAGE_DOC: dict[str, Any] = {
    "responses": {
        200: {"description": "The page as it looks.", "content": {"image/png": {}}},
        404: {"description": "There is no such page, or pages of this kind of file have no picture."},
    }
}
# It is opened beside nothing of ours, and nothing in it runs, even where a browser shows it in spite of all.
FILE_POLICY = "sandbox; default-src 'none'"
# The same address always gives the same picture: what a document holds does not change.
PICTURE_CACHE = "private, max-age=31536000, immutable"


@router.get("/documents/", response=DocumentPageOut)
async def list_documents(
    request: HttpRequest,
    cursor: str = "",
    limit: Limit = selectors.PAGE_DEFAULT,
    course_id: UUID | None = None,
    q: Annotated[str, Query(max_length=QUERY_MAX_CHARS)] = "",
) -> DocumentPageOut:
    """The caller's files, newest first, and how much room they have; `q` is looked for in their names."""
    library = await unit_of_work(
        selectors.document_list,
        caller=caller_of(request),
        cursor=cursor,
        limit=limit,
        course_id=course_id,
        q=q.strip(),
    )
    return DocumentPageOut.of(library)


@router.post("/documents/", response={201: DocumentsAdded, 404: Problem, 413: Problem})
async def add_documents(
    request: HttpRequest, file: File[list[UploadedFile]], course_id: Form[UUID | None] = None
) -> Status[DocumentsAdded]:
    """Take files in, all or none; they are read in the background. The same file again is the same document."""
    caller = caller_of(request)
    added = await documents_add(caller=caller, files=file, course_id=course_id)
    found = await unit_of_work(selectors.documents_by_id, [one.document_id for one in added])
    progress().touch(list(found))
    remember_session(request, added[-1].session_key if added else "")
    items = [DocumentOut.of(found[one.document_id]) for one in added if one.document_id in found]
    return Status(201, DocumentsAdded(items=items))


@router.get("/documents/search/", response=HitList)
async def search_documents(
    request: HttpRequest,
    q: Words,
    course_id: UUID | None = None,
    document_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> HitList:
    """Passages of the caller's files, best first, by words and by meaning."""
    hits = await documents_search(
        caller=caller_of(request), q=q, course_id=course_id, document_id=document_id, limit=limit
    )
    return HitList(items=[HitOut.model_validate(hit, from_attributes=True) for hit in hits])


@router.get("/documents/{document_id}/", response={200: DocumentOut, **GONE})
async def get_document(request: HttpRequest, document_id: UUID) -> DocumentOut:
    """A file: how far it is read, and what was not."""
    found = await unit_of_work(selectors.document_get, caller=caller_of(request), document_id=document_id)
    return DocumentOut.of(found)


@router.patch("/documents/{document_id}/", response={200: DocumentOut, **GONE})
async def patch_document(request: HttpRequest, document_id: UUID, body: DocumentPatch) -> DocumentOut:
    """Rename it, or give it to a course."""
    changed = await unit_of_work(document_update, caller=caller_of(request), document_id=document_id, patch=body)
    progress().touch([document_id])
    return DocumentOut.of(changed)


@router.delete("/documents/{document_id}/", response={204: None, **GONE})
async def delete_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Delete it with its bytes and all that was read of it; answers that cite it keep their quotes."""
    await document_delete(caller=caller_of(request), document_id=document_id)
    return HttpResponse(status=204)


@router.get("/documents/{document_id}/file/", openapi_extra=FILE_DOC)
async def download_document(request: HttpRequest, document_id: UUID) -> StreamingHttpResponse:
    """The file as it was uploaded."""
    download = await document_download(caller=caller_of(request), document_id=document_id)
    document = download.document
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=document.filename) or "",
        "Content-Length": str(document.size_bytes),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "private, no-cache",
    }
    # Its sender's word for what it is, until its content has told, is good for nothing.
    media_type = document.media_type if document.kind else "application/octet-stream"
    return StreamingHttpResponse(download.pieces, content_type=media_type, headers=headers)


@router.get("/documents/{document_id}/events/", openapi_extra=EVENTS_DOC)
async def follow_document(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    """Follow how far a file is read."""
    document = await unit_of_work(selectors.document_get, caller=caller_of(request), document_id=document_id)
    return sse_response(document_events(document_id=document.pk, user_id=document.user_id))


@router.get("/documents/{document_id}/pages/{number}/", response={200: ReadPageOut, **GONE})
async def get_page(request: HttpRequest, document_id: UUID, number: PageNumber) -> ReadPageOut:
    """A page as it was read."""
    view = await unit_of_work(selectors.page_get, caller=caller_of(request), document_id=document_id, number=number)
    return ReadPageOut.of(view)


@router.get("/documents/{document_id}/pages/{number}/image/", openapi_extra=IMAGE_DOC)
async def draw_page(
    request: HttpRequest,
    document_id: UUID,
    number: PageNumber,
    start: Position = 0,
    end: Position = 0,
    width: Annotated[int, Query(ge=100, le=2000)] = 1000,
) -> HttpResponse:
    """A page as it looks; its text from `start` to `end` is marked."""
    picture = await page_picture(
        caller=caller_of(request), document_id=document_id, number=number, start=start, end=end, width_px=width
    )
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": PICTURE_CACHE})
