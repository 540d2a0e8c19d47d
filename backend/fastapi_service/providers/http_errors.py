"""What a provider's HTTP answers and broken connections mean, as our errors.

What a vendor says is read only to tell kinds apart: it may quote the prompt or the key, and goes no further.
Sources: OpenAI API reference, "Error codes"; Azure OpenAI reference, "Content filtering"; DeepSeek API documentation,
"Error Codes"; Gemini API, "Troubleshooting guide"; google.rpc.RetryInfo; llama.cpp, tools/server.
"""

import math
from collections.abc import AsyncIterator, Iterator, Mapping
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
)
from fastapi_service.providers.base import Provider
from fastapi_service.providers.complaints import Complaint
from fastapi_service.providers.sse_json import GarbledStream

RETRY_AFTER_MAX_SECONDS = 3600
TRY_AGAIN_STATUSES = frozenset({408, 409, 425})
OVERLOADED_STATUSES = frozenset({503, 529})
NO_CREDIT = ("insufficient_quota", "insufficient balance", "billing_hard_limit", "billing_not_active")
BAD_KEY = ("api_key_invalid", "api key not valid", "api key expired", "failed_precondition")
AT_LIMIT = ("rate_limit_exceeded", "resource_exhausted", "too_many_requests")
TOO_LONG = (
    *("context_length", "context length", "context_size", "context size", "maximum context", "too many tokens"),
    "max_new_tokens",  # TGI counts prompt and answer together
    *("maximum number of tokens", "string_above_max_length"),
)
FILTERED = ("content_filter", "content filter", "content management", "content exists risk", "data_inspection")
NO_MODEL = ("model_not_found", "deploymentnotfound", "model_not_supported", "model not exist")


@contextmanager
def opening(by: Provider) -> Iterator[None]:
    """Raise what goes wrong before the head of an answer is there: nothing has been answered yet."""
    try:
        yield
    except (httpx.HTTPError, aiohttp.ClientError) as error:
        raise not_opened(by, error) from error


@asynccontextmanager
async def reading(by: Provider) -> AsyncIterator[None]:
    """Raise what goes wrong in the body of an answer."""
    try:
        yield
    except httpx.ReadTimeout as error:
        raise too_late(by) from error
    except (httpx.HTTPError, aiohttp.ClientError) as error:
        raise cut_off(by) from error
    except GarbledStream as error:
        raise garbled(by) from error


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
    return _error(by, status, complaint.words, _whole_seconds(_wait_by(headers, complaint)))


def error_of_event(by: Provider, event: Mapping[str, object]) -> ProviderError:
    """The error that a provider put into a body, `{"error": …}`, after it had answered 200."""
    complaint = Complaint.of(event)
    return _error(by, complaint.status or 500, complaint.words, _whole_seconds(complaint.retry_after_s))


def _error(by: Provider, status: int, words: str, wait_s: int | None) -> ProviderError:
    if status in {401, 403} or (status < 500 and _says(words, BAD_KEY)):
        told = f"{by.label} does not accept the key that this installation has. The operator should check it."
        return AuthFailed(told, provider=by.name, reason="auth")
    if status == 402 or _says(words, NO_CREDIT):
        told = f"{by.label} says that the account of this installation is used up. The operator should look at it."
        return AuthFailed(told, provider=by.name, reason="no_credit")
    if status == 429 or _says(words, AT_LIMIT):
        when = f"in {wait_s} s" if wait_s else "later"
        told = f"{by.label} is at its limit. Please try again {when}."
        return RateLimited(told, provider=by.name, reason="rate_limited", retry_after_s=wait_s)
    if 400 <= status < 500 and status not in TRY_AGAIN_STATUSES:
        return _refusal(by, status, words)
    if status in OVERLOADED_STATUSES or "overloaded" in words:
        return overloaded(by, retry_after_s=wait_s)
    told = f"{by.label} has a problem of its own. Please try again."
    return ProviderUnavailable(told, provider=by.name, reason=f"http_{status}", retry_after_s=wait_s)


def _refusal(by: Provider, status: int, words: str) -> ProviderError:
    if status == 413 or _says(words, TOO_LONG):
        told = f"{by.label} cannot read that much at once. Shorten the question or begin a new conversation."
        return ContextTooLong(told, provider=by.name, reason="context")
    if _says(words, FILTERED):
        return filtered(by)
    if status == 404 or _says(words, NO_MODEL):
        told = f"{by.label} does not know the model that is asked for. The operator should check its name."
        return ModelNotFound(told, provider=by.name, reason="no_model")
    return BadRequest(f"{by.label} could not read this request.", provider=by.name, reason=f"http_{status}")


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
    except ValueError:
        return complaint.retry_after_s
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _whole_seconds(wait_s: float | None) -> int | None:
    """Rounded up, within 1 s and an hour."""
    return None if wait_s is None else math.ceil(min(max(wait_s, 1), RETRY_AFTER_MAX_SECONDS))
