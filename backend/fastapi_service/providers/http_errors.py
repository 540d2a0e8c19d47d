"""What a provider's HTTP answers and broken connections mean, as our errors.

What a vendor says is read only to tell kinds apart: it may quote the prompt or the key, and goes no further.
Sources: OpenAI API reference, "Error codes"; Azure OpenAI reference, "Content filtering"; DeepSeek API documentation,
"Error Codes"; Gemini API, "Troubleshooting guide"; google.rpc.RetryInfo; llama.cpp, tools/server.
"""

import math
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import httpx

from fastapi_service.core.errors import (
    AuthFailed,
    BadRequest,
    BrokenStream,
    ContentFiltered,
    ContextTooLong,
    ModelNotFound,
    ProviderError,
    ProviderOverloaded,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    Unsupported,
)
from fastapi_service.providers.base import Provider
from fastapi_service.providers.complaints import Complaint
from fastapi_service.providers.sse_json import GarbledStream

RETRY_AFTER_MAX_SECONDS = 3600
TRY_AGAIN_STATUSES = frozenset({408, 409, 425})
OVERLOADED_STATUSES = frozenset({503, 529})
NO_MODEL_STATUSES = frozenset({404, 410})
BAD_REQUEST_STATUSES = frozenset({400, 422})
NO_CREDIT = ("insufficient_quota", "insufficient balance", "billing_hard_limit", "billing_not_active")
BAD_KEY = (
    *("api_key_invalid", "api key not valid", "api key expired", "failed_precondition"),
    *("invalid_api_key", "invalid api key", "incorrect api key", "authentication_error", "unauthenticated"),
)
AT_LIMIT = ("rate_limit", "rate limit", "ratelimit", "resource_exhausted", "too_many_requests", "too many requests")
OVERLOADED = ("overloaded", "unavailable", "server is busy")
TOO_LONG = (
    *("context_length", "context length", "context_size", "context size", "maximum context", "too many tokens"),
    *("max_new_tokens", "`inputs` must have less than"),  # TGI; the first counts prompt and answer together
    *("maximum number of tokens", "string_above_max_length", "maximum model length"),
    *("prompt is too long", "input is too long"),
)
FILTERED = (
    *("content_filter", "content filter", "content management", "content exists risk", "data_inspection"),
    "responsibleaipolicyviolation",
)
NO_MODEL = ("model_not_found", "deploymentnotfound", "model_not_supported", "model not exist", "model not found")
UNSUPPORTED = (
    *("unsupported", "does not support", "not supported", "supports at most", "valid range of max_tokens"),
    *("response_format", "json_schema", "responsejsonschema", "grammar"),
)
BAD_REQUEST = ("invalid_request", "validation", "invalid_argument", "bad_request")


@contextmanager
def opening(by: Provider) -> Iterator[None]:
    """Raise what goes wrong before the head of an answer is there: nothing has been answered yet."""
    try:
        yield
    except (httpx.HTTPError, aiohttp.ClientError) as error:
        raise not_opened(by, error) from error


@asynccontextmanager
async def reading(by: Provider, *, ended: Callable[[], bool] = lambda: False) -> AsyncIterator[None]:
    """Raise what goes wrong in the body of an answer; what does so once it has `ended` is nobody's loss."""
    try:
        yield
    except ProviderError:
        if not ended():
            raise
    except (httpx.HTTPError, aiohttp.ClientError, OSError, GarbledStream) as error:
        if not ended():
            raise _broken_body(by, error) from error


def _broken_body(by: Provider, error: Exception) -> ProviderError:
    if isinstance(error, GarbledStream):
        return garbled(by)
    return too_late(by) if isinstance(error, httpx.ReadTimeout) else cut_off(by)


def not_opened(by: Provider, error: BaseException | None) -> ProviderError:
    # The transport calls a connection that dies unanswered a ConnectTimeout.
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return too_late(by)
    return ProviderUnavailable(
        f"{by.label} could not be reached. Please try again.", provider=by.name, reason="connect"
    )


def too_late(by: Provider) -> ProviderTimeout:
    return ProviderTimeout(f"{by.label} took too long. Please try again.", provider=by.name, reason="timeout")


def cut_off(by: Provider) -> BrokenStream:
    return BrokenStream(f"{by.label} broke off in the middle of its answer.", provider=by.name, reason="cut")


def garbled(by: Provider) -> BrokenStream:
    return BrokenStream(f"{by.label} sent something that is no answer.", provider=by.name, reason="garbled")


def empty(by: Provider) -> BrokenStream:
    return BrokenStream(f"{by.label} sent an empty answer. Please try again.", provider=by.name, reason="empty")


def filtered(by: Provider) -> ContentFiltered:
    told = f"{by.label} declined to answer this. Try to put the question in other words."
    return ContentFiltered(told, provider=by.name, reason="filtered")


def overloaded(by: Provider, *, retry_after_s: int | None = None) -> ProviderOverloaded:
    told = f"{by.label} has too much to do at the moment. Please try again."
    return ProviderOverloaded(told, provider=by.name, reason="overloaded", retry_after_s=retry_after_s)


def error_of_response(by: Provider, status: int, *, headers: Mapping[str, str], body: bytes) -> ProviderError:
    """The error for an answer that is no success."""
    complaint = Complaint.of_body(body)
    return _error(by, status, complaint, _whole_seconds(_wait_by(headers, complaint)))


def error_of_event(by: Provider, event: Mapping[str, object]) -> ProviderError:
    """The error that a provider put into a body, `{"error": …}`, after it had answered 200."""
    complaint = Complaint.of(event)
    status = complaint.status or _status_by_words(complaint.words)
    return _error(by, status, complaint, _whole_seconds(complaint.retry_after_s))


def _status_by_words(words: str) -> int:
    """The status that a server which names none would have answered with."""
    kinds = {401: BAD_KEY, 402: NO_CREDIT, 400: FILTERED + TOO_LONG, 404: NO_MODEL, 429: AT_LIMIT, 503: OVERLOADED}
    return next((status for status, signs in kinds.items() if _says(words, signs)), 0) or (
        400 if _says(words, BAD_REQUEST) else 500
    )


def _error(by: Provider, status: int, complaint: Complaint, wait_s: int | None) -> ProviderError:
    words = complaint.words
    # Whoever finds fault with a request may quote it; there only the codes tell of limits.
    own_words = complaint.codes if status in BAD_REQUEST_STATUSES else words
    if status in {401, 403} or (status < 500 and _says(words, BAD_KEY)):
        told = f"{by.label} does not accept the key that this installation has. The operator should check it."
        return AuthFailed(told, provider=by.name, reason="auth")
    if status == 402 or _says(own_words, NO_CREDIT):
        told = f"{by.label} says that the account of this installation is used up. The operator should look at it."
        return AuthFailed(told, provider=by.name, reason="no_credit")
    if status == 429 or _says(own_words, AT_LIMIT):
        when = f"in {wait_s} s" if wait_s else "later"
        told = f"{by.label} is at its limit. Please try again {when}."
        return RateLimited(told, provider=by.name, reason="rate_limited", retry_after_s=wait_s)
    if (about_prompt := _error_about_prompt(by, status, words)) is not None:
        return about_prompt
    if 400 <= status < 500 and status not in TRY_AGAIN_STATUSES:
        return _refusal(by, status, words)
    if status in OVERLOADED_STATUSES or _says(words, OVERLOADED):
        return overloaded(by, retry_after_s=wait_s)
    told = f"{by.label} has a problem of its own. Please try again."
    return ProviderUnavailable(told, provider=by.name, reason=f"http_{status}", retry_after_s=wait_s)


def _error_about_prompt(by: Provider, status: int, words: str) -> ProviderError | None:
    """What some say with a status of their own fault."""
    if status == 413 or _says(words, TOO_LONG):
        told = f"{by.label} cannot read that much at once. Shorten the question or begin a new conversation."
        return ContextTooLong(told, provider=by.name, reason="context")
    return filtered(by) if _says(words, FILTERED) else None


def _refusal(by: Provider, status: int, words: str) -> ProviderError:
    if status in NO_MODEL_STATUSES or _says(words, NO_MODEL):
        told = f"{by.label} does not know the model that is asked for. The operator should check its name."
        return ModelNotFound(told, provider=by.name, reason="no_model")
    if status not in BAD_REQUEST_STATUSES:
        return _unsupported(by, f"http_{status}")
    if _says(words, UNSUPPORTED):
        return _unsupported(by, "unsupported")
    return BadRequest(f"{by.label} could not read this request.", provider=by.name, reason=f"http_{status}")


def _unsupported(by: Provider, reason: str) -> Unsupported:
    return Unsupported(f"{by.label} cannot do what this request needs.", provider=by.name, reason=reason)


def _says(words: str, signs: tuple[str, ...]) -> bool:
    return any(sign in words for sign in signs)


def _wait_by(headers: Mapping[str, str], complaint: Complaint) -> float | None:
    """Seconds to wait by `retry-after-ms`, else `Retry-After` (a number or a date), else the body; None: not said."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
        return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, LookupError, OverflowError):  # the parser is known for more than the first
        return complaint.retry_after_s


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _whole_seconds(wait_s: float | None) -> int | None:
    """Rounded up, within 1 s and an hour."""
    if wait_s is None or math.isnan(wait_s):
        return None
    return math.ceil(min(max(wait_s, 1), RETRY_AFTER_MAX_SECONDS))
