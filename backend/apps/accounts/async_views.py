"""Session and tokens; signing in itself is allauth's, under /_allauth/browser/v1/."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from apps.accounts.models import User
from apps.accounts.schemas import Limits, NewTokenOut, SessionOut, SignInProvider, TokenIn, TokenList, TokenOut, UserOut
from apps.accounts.services import tokens
from apps.accounts.services.identity import session_ensure, user_signed_in
from apps.core.access import Caller, Scope, caller_of, csrf_token, remember_session
from apps.core.units_of_work import unit_of_work

router = Router(tags=["account"])


@router.get("/session/", response=SessionOut)
async def session(request: HttpRequest) -> SessionOut:
    """Say who is asking and set the session and CSRF cookies: the first call of a browser."""
    caller = caller_of(request)
    session_key, user = await unit_of_work(session_ensure, caller=caller)
    remember_session(request, session_key)
    return SessionOut(
        user=_user_out(user) if user else None,
        is_guest=user is None or user.is_guest,
        csrf_token="" if caller.token else csrf_token(request),
        limits=Limits(
            message_max_chars=settings.CHAT_MESSAGE_MAX_CHARS,
            upload_max_bytes=settings.UPLOAD_MAX_BYTES,
            upload_max_files=settings.UPLOAD_MAX_FILES,
        ),
        signup=settings.SIGNUP,
        providers=[SignInProvider(**provider) for provider in settings.SIGN_IN_PROVIDERS],
    )


def _user_out(user: User) -> UserOut:
    return UserOut(id=user.pk, is_guest=user.is_guest, is_staff=user.is_staff, email=user.email or None)


@router.get("/account/tokens/", response=TokenList)
async def list_tokens(request: HttpRequest) -> TokenList:
    """The caller's API tokens, newest first."""
    return await unit_of_work(_token_list, caller=caller_of(request))


@router.post("/account/tokens/", response={201: NewTokenOut})
async def create_token(request: HttpRequest, body: TokenIn) -> tuple[int, NewTokenOut]:
    """Make an API token. Its text is in this answer and nowhere else."""
    return 201, await unit_of_work(_token_create, caller=caller_of(request), body=body)


@router.delete("/account/tokens/{token_id}/", response={204: None})
async def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Revoke it: from now on it opens nothing."""
    await unit_of_work(_token_revoke, caller=caller_of(request), token_id=token_id)
    return HttpResponse(status=204)


def _token_list(*, caller: Caller) -> TokenList:
    user = user_signed_in(caller=caller)
    return TokenList(items=[TokenOut.from_orm(token) for token in tokens.token_list(user=user)])


def _token_create(*, caller: Caller, body: TokenIn) -> NewTokenOut:
    token, text = tokens.token_create(
        user=user_signed_in(caller=caller),
        name=body.name,
        scopes=[Scope(scope) for scope in sorted(set(body.scopes))],
        expires_in_days=body.expires_in_days,
    )
    return NewTokenOut(**TokenOut.from_orm(token).dict(), token=text)


def _token_revoke(*, caller: Caller, token_id: UUID) -> None:
    tokens.token_revoke(user=user_signed_in(caller=caller), token_id=token_id)
