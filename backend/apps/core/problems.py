"""Problem documents (RFC 9457): the one shape in which the gateway says that something went wrong."""

from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from apps.core.errors import ApiError

CONTENT_TYPE = "application/problem+json"
UNEXPECTED = "Something went wrong on our side. Nothing of yours was lost; please try again."


def problem(error: ApiError, *, request_id: str) -> dict[str, Any]:
    """The members of the document for `error`."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "request_id": request_id,
        **({"retry_after_s": error.retry_after_s} if error.retry_after_s else {}),
        **error.details,
    }


def problem_response(error: ApiError, *, request_id: str) -> HttpResponse:
    """The document as an answer, with `Retry-After` (s) where waiting helps."""
    body = orjson.dumps(problem(error, request_id=request_id))
    response = HttpResponse(body, status=error.status, content_type=CONTENT_TYPE)
    if error.retry_after_s:
        response["Retry-After"] = str(error.retry_after_s)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def request_id_of(request: HttpRequest) -> str:
    return getattr(request, "request_id", "")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400: a request that it refused, such as an unknown `Host`."""
    message = "This request could not be read. If it names a host of its own, add that to ALLOWED_HOSTS."
    return problem_response(ApiError(message, code="bad_request", status=400), request_id=request_id_of(request))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    error = ApiError("There is nothing at this address.", code="not_found", status=404)
    return problem_response(error, request_id=request_id_of(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: says nothing of the inside."""
    return problem_response(ApiError(UNEXPECTED), request_id=request_id_of(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django's own CSRF check answers on the pages it guards."""
    error = ApiError(f"This form has expired ({reason}). Reload the page.", code="csrf_failed", status=403)
    return problem_response(error, request_id=request_id_of(request))
