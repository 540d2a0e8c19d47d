"""What can go wrong, by class: the code is for programs and never changes, the message is for the student.

ApiError                    code, status, message, details (JSON)
├─ BadRequest       400     the request cannot be read
├─ Unauthorized     401     who asks is not known, or its token is not good
├─ Forbidden        403
├─ NotFound         404     also: somebody else's
├─ Conflict         409     what changed meanwhile
├─ PayloadTooLarge  413
├─ UnsupportedType  415
├─ InvalidInput     422     field → reason
├─ QuotaExceeded    429     retry_after_s
├─ ProviderError    any     what the worker said of a model, passed on with its own code and status
└─ Unavailable      503     retry_after_s
"""

from typing import Any


class ApiError(Exception):
    """A problem that the caller can be told; nothing was half-saved when it is raised."""

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
        self.details = details  # JSON values that are sent beside the standard members


class BadRequest(ApiError):
    code, status = "bad_request", 400


class Unauthorized(ApiError):
    code, status = "not_signed_in", 401


class Forbidden(ApiError):
    code, status = "forbidden", 403


class NotFound(ApiError):
    code, status = "not_found", 404


class Conflict(ApiError):
    code, status = "conflict", 409


class PayloadTooLarge(ApiError):
    code, status = "payload_too_large", 413


class UnsupportedType(ApiError):
    code, status = "unsupported_content_type", 415


class InvalidInput(ApiError):
    code, status = "invalid_input", 422


class QuotaExceeded(ApiError):
    code, status = "quota_exceeded", 429


class ProviderError(ApiError):
    code, status = "provider_failed", 502


class Unavailable(ApiError):
    code, status = "unavailable", 503
