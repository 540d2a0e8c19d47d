"""What can go wrong, by class: the code is for programs and never changes, the message is for the student.

ApiError                      code, status, message, details (JSON)
├─ Unauthorized        401
├─ NotFound            404
├─ RequestTimeout      408
├─ PayloadTooLarge     413
├─ InvalidInput        422     errors: [{loc, msg}]
├─ Overloaded          429     retry_after_s
├─ NoProvider          503
├─ EmbeddingsUnavailable 503   retry_after_s
├─ EmbeddingsFailed    502
└─ ProviderError       502     provider, reason
   ├─ BadRequest       422
   ├─ AuthFailed       502
   ├─ RateLimited      429     retry_after_s
   ├─ ContextTooLong   422
   ├─ ContentFiltered  422
   ├─ ProviderTimeout  504     a limit on the provider's time has passed
   │  └─ DeadlinePassed  504     the request's own time is over, whoever took it
   └─ ProviderUnavailable 502
      ├─ ProviderOverloaded    it has too much to do: 503, 529
      ├─ ModelNotFound         it does not have the model
      ├─ Unsupported           it cannot do what is asked; others may
      ├─ BrokenStream          its answer ended early, or is no answer
      ├─ NothingToAdd          it was asked to go on with an answer, and said nothing
      ├─ SchemaBroken          its answer does not satisfy the schema
      └─ CircuitOpen           it failed too often, and is left alone for a while

What is done about each kind of ProviderError stands in orchestration/policy.py.
"""

from http import HTTPStatus
from typing import Any

PROBLEM_TYPE = "application/problem+json"
UNEXPECTED = "Something went wrong on our side. Please try again."


class ApiError(Exception):
    """A problem that the caller can be told; `details` are further members of its document."""

    code = "internal_error"
    status = 500

    def __init__(
        self, message: str, *, code: str = "", status: int = 0, retry_after_s: int | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.status = status or self.status
        self.retry_after_s = retry_after_s
        self.details = details  # Any: whatever JSON holds


class ClientGone(Exception):
    """The client closed its connection before its answer was there."""


class Unauthorized(ApiError):
    code, status = "unauthorized", 401


class NotFound(ApiError):
    code, status = "not_found", 404


class RequestTimeout(ApiError):
    code, status = "request_timeout", 408


class PayloadTooLarge(ApiError):
    code, status = "payload_too_large", 413


class InvalidInput(ApiError):
    code, status = "invalid_input", 422


class Overloaded(ApiError):
    code, status = "overloaded", 429


class NoProvider(ApiError):
    code, status = "no_provider", 503


class EmbeddingsUnavailable(ApiError):
    """No server of embeddings is set up, or it is away, or it has too much to do."""

    code, status = "embeddings_unavailable", 503


class EmbeddingsFailed(ApiError):
    """The server of embeddings refused the texts, or its answer is none."""

    code, status = "embeddings_failed", 502


class ProviderError(ApiError):
    """A provider could not answer. `reason` is a word for logs and attempts."""

    code, status = "provider_failed", 502

    def __init__(self, message: str, *, provider: str, reason: str, retry_after_s: int | None = None) -> None:
        super().__init__(message, retry_after_s=retry_after_s, provider=provider)
        self.provider = provider
        self.reason = reason


class BadRequest(ProviderError):
    code, status = "provider_bad_request", 422


class AuthFailed(ProviderError):
    code, status = "provider_auth_failed", 502


class RateLimited(ProviderError):
    code, status = "provider_rate_limited", 429


class ContextTooLong(ProviderError):
    code, status = "context_too_long", 422


class ContentFiltered(ProviderError):
    code, status = "content_filtered", 422


class ProviderTimeout(ProviderError):
    code, status = "provider_timeout", 504


class DeadlinePassed(ProviderTimeout):
    pass


class ProviderUnavailable(ProviderError):
    code, status = "provider_unavailable", 502


class ProviderOverloaded(ProviderUnavailable):
    pass


class ModelNotFound(ProviderUnavailable):
    pass


class Unsupported(ProviderUnavailable):
    pass


class BrokenStream(ProviderUnavailable):
    pass


class NothingToAdd(ProviderUnavailable):
    pass


class SchemaBroken(ProviderUnavailable):
    """`answer` is what came, `problem` what is wrong with it: for the model to repair, never to be told or logged."""

    code = "schema_not_satisfied"

    def __init__(self, message: str, *, provider: str, answer: str, problem: str) -> None:
        super().__init__(message, provider=provider, reason="schema")
        self.answer = answer
        self.problem = problem


class CircuitOpen(ProviderUnavailable):
    pass


def problem(error: ApiError, *, request_id: str) -> dict[str, Any]:
    """The members of the problem document (RFC 9457) for `error`."""
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
