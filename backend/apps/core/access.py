"""Who is asking, and from where: what `/api/` checks itself, in memory, before any view runs."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token

from apps.core.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
BEARER = "bearer "


class Scope(StrEnum):
    """What a request needs of a token; the first two can be given to one."""

    READ = "read"
    CHAT = "chat"
    SESSION = "session"  # no token has it: such things are done in the browser


# The account itself, and what publishes something of it.
SESSION_PATHS = re.compile(r"/api/(account/|shares/|conversations/[^/]+/share/)")
READABLE_ACCOUNT_PATHS = frozenset({"/api/account/usage/"})


@dataclass(frozen=True)
class Caller:
    """What a request shows of its sender; who that is, is looked up inside the unit of work."""

    session_key: str | None
    request_id: str
    token: str = ""  # as it was sent; a caller with one has no session
    scope: Scope = Scope.READ  # what the request needs
    address: str = ""


class _Csrf(CsrfViewMiddleware):
    """Django's own rules for tokens and cookies, called by hand and without its thread per request."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # the reason is all we need
        return reason


def _unused(request: HttpRequest) -> HttpResponseBase:
    raise AssertionError("the CSRF rules are called by hand, never as a middleware")


_csrf = _Csrf(_unused)


def caller_of(request: HttpRequest) -> Caller:
    """Read token or session cookie; no database is touched."""
    token = _token_of(request)
    return Caller(
        session_key=None if token else request.COOKIES.get(settings.SESSION_COOKIE_NAME) or None,
        request_id=str(getattr(request, "request_id", "")),
        token=token,
        scope=_scope_of(request),
        address=request.META.get("REMOTE_ADDR", ""),
    )


def _token_of(request: HttpRequest) -> str:
    """The bearer token; of other schemes nothing is known: a proxy in front may want them for itself."""
    header = request.headers.get("Authorization", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else ""


def _scope_of(request: HttpRequest) -> Scope:
    is_safe = request.method in SAFE_METHODS
    if SESSION_PATHS.match(request.path) and not (is_safe and request.path in READABLE_ACCOUNT_PATHS):
        return Scope.SESSION
    return Scope.READ if is_safe else Scope.CHAT


def check_access(request: HttpRequest) -> None:
    """Refuse a page of somebody else, and a write that a foreign page could have caused.

    A request without a session has no authority to abuse, and no page can send a token without knowing it, so neither
    needs a CSRF token. Raises: Forbidden; DisallowedHost for a `Host` that is not ours.
    """
    request.get_host()
    origin = request.headers.get("Origin")
    if origin is not None and not _is_ours(origin, request):
        raise Forbidden(f"Pages of {origin} may not use this server; see CORS_ALLOWED_ORIGINS.", code="foreign_origin")
    if request.method in SAFE_METHODS or not caller_of(request).session_key:
        return
    # As PUT, so that Django reads the token from the header alone: a POST's whole body would be parsed here.
    probe = HttpRequest()
    probe.method, probe.META, probe.COOKIES = "PUT", request.META, request.COOKIES
    _csrf.process_request(probe)
    reason = _csrf.process_view(probe, _unused, (), {})
    if reason:
        raise Forbidden(f"This page has expired. Reload it and try again ({reason})", code="csrf_failed")


def _is_ours(origin: str, request: HttpRequest) -> bool:
    return origin in settings.CSRF_TRUSTED_ORIGINS or origin == f"{request.scheme}://{request.get_host()}"


def csrf_token(request: HttpRequest) -> str:
    """The token that this browser's writes must carry; made when it has none."""
    _csrf.process_request(request)
    return get_token(request)


def remember_session(request: HttpRequest, session_key: str) -> None:
    """Have the answer set the session and CSRF cookies (see ApiMiddleware); nothing for who came with a token."""
    if session_key:
        request.session_to_set = session_key  # type: ignore[attr-defined]  # read by set_cookies below
        csrf_token(request)


def set_cookies(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write the cookies that the request has earned."""
    _csrf.process_response(request, response)
    if session_key := getattr(request, "session_to_set", None):
        response.set_cookie(
            settings.SESSION_COOKIE_NAME,
            session_key,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
