"""One's own data: all of it as a ZIP, back from a ZIP, and gone."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.archive.schemas import AccountDeletion, ImportOut
from apps.archive.services.deleting import account_delete
from apps.archive.services.exporting import archive_stream
from apps.archive.services.importing import archive_import
from apps.core.access import Caller, caller_of, remember_session
from apps.core.errors import Unauthorized
from apps.core.units_of_work import unit_of_work

router = Router(tags=["account"])
ZIP = "application/zip"
EXPORT_DOC: dict[str, Any] = {  # Any: a piece of an OpenAPI document
    "responses": {200: {"description": "A ZIP, made while it is read; see docs/archive.md.", "content": {ZIP: {}}}}
}


@router.get("/account/export/", openapi_extra=EXPORT_DOC)
async def export_account(request: HttpRequest) -> StreamingHttpResponse:
    """All that is the caller's, as one ZIP. An answer that is being written is in it as far as it is."""
    user = await unit_of_work(_owner, caller=caller_of(request))
    name = f"lamla-{datetime.now(UTC):%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(archive_stream(user=user), content_type=ZIP, headers=headers)


def _owner(*, caller: Caller) -> User:
    user = user_of(caller=caller)
    if user is None:
        raise Unauthorized("There is nothing of yours here yet.", code="not_signed_in")
    return user


@router.post("/account/import/", response=ImportOut)
async def import_account(request: HttpRequest, file: File[UploadedFile]) -> ImportOut:
    """Add what an exported ZIP holds: all of it or nothing. What the caller has already is left as it is."""
    restored = await archive_import(caller=caller_of(request), file=file)
    remember_session(request, restored.session_key)
    return ImportOut(**{name: restored.counts[name] for name in ImportOut.model_fields})


@router.delete("/account/", response={204: None})
async def delete_account(request: HttpRequest, body: AccountDeletion) -> HttpResponse:
    """Delete the caller with all that is theirs, at once and for good."""
    await account_delete(caller=caller_of(request), confirm=body.confirm)
    response = HttpResponse(status=204)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    return response
