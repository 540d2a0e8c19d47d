from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from apps.accounts import services
from apps.accounts.schemas import Limits, SessionOut, UserOut
from apps.core.access import caller_of, csrf_token, remember_session
from apps.core.units_of_work import unit_of_work

router = Router(tags=["session"])


@router.get("/session/", response=SessionOut)
async def session(request: HttpRequest) -> SessionOut:
    """Say who is asking and set the session and CSRF cookies: the first call of a browser."""
    session_key, user = await unit_of_work(services.session_ensure, caller=caller_of(request))
    remember_session(request, session_key)
    return SessionOut(
        user=UserOut(id=user.pk, is_guest=user.is_guest) if user else None,
        is_guest=user is None or user.is_guest,
        csrf_token=csrf_token(request),
        limits=Limits(
            message_max_chars=settings.CHAT_MESSAGE_MAX_CHARS,
            upload_max_bytes=settings.UPLOAD_MAX_BYTES,
            upload_max_files=settings.UPLOAD_MAX_FILES,
        ),
    )
