"""Errors of the openai SDK and its transport as ours. What a vendor's message says stays inside, save to tell kinds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import httpx
import openai

from fastapi_service.core.errors import (
    AuthFailed,
    ContentFiltered,
    ContextTooLong,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
)
from fastapi_service.providers.sse_json import GarbledStream

RETRY_AFTER_MAX_SECONDS = 3600
DEFAULT_RETRY_AFTER_SECONDS = 5
TRY_AGAIN_STATUSES = frozenset({408, 409, 425})
TOO_LONG = ("context_length", "context length", "context_size", "context size", "maximum context", "too many tokens")
FILTERED = ("content_filter", "content filter", "content management", "data_inspection")
NO_CREDIT = ("insufficient_quota", "insufficient balance", "billing")


@contextmanager
def map_errors(name: str, label: str) -> Iterator[None]:
    """Raise what goes wrong inside as a ProviderError of the provider `name`, which users know as `label`."""
    try:
        yield
    except openai.APIStatusError as error:
        raise error_of_status(
            name,
            label,
            error.status_code,
            said=f"{error.code} {error.type} {error.message}",
            headers=error.response.headers,
        ) from error
    except (openai.APIConnectionError, httpx.ConnectError) as error:
        raise ProviderUnavailable(
            f"{label} could not be reached. Please try again.", provider=name, reason="connect", retryable=True
        ) from error
    except httpx.TimeoutException as error:
        raise ProviderTimeout(
            f"{label} took too long. Please try again.", provider=name, reason="timeout", retryable=True
        ) from error
    except (httpx.HTTPError, aiohttp.ClientError) as error:
        raise cut_off(name, label) from error
    except (GarbledStream, openai.OpenAIError) as error:
        raise garbled(name, label) from error


def cut_off(name: str, label: str) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"{label} broke off in the middle of its answer.", provider=name, reason="cut", retryable=True
    )


def garbled(name: str, label: str) -> ProviderUnavailable:
    return ProviderUnavailable(
        f"{label} sent something that is no answer.", provider=name, reason="garbled", retryable=True
    )


def filtered(name: str, label: str) -> ContentFiltered:
    return ContentFiltered(
        f"{label} declined to answer this. Try to put the question in other words.", provider=name, reason="filtered"
    )


def error_of_event(name: str, label: str, event: Mapping[str, Any]) -> ProviderError:
    """The error that a provider put into its stream, `{"error": {...}}`, after it had answered 200."""
    error = event["error"] if isinstance(event["error"], dict) else {"message": event["error"]}
    code = error.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    return error_of_status(name, label, status, said=f"{code} {error.get('type')} {error.get('message')}", headers={})


def error_of_status(name: str, label: str, status: int, *, said: str, headers: Mapping[str, str]) -> ProviderError:
    """The error for an HTTP status and what the provider said with it."""
    said = said.lower()
    if status in {401, 403}:
        return AuthFailed(
            f"{label} does not accept the key that this installation has. The operator should check it.",
            provider=name,
            reason="auth",
        )
    if status == 402 or any(sign in said for sign in NO_CREDIT):
        return AuthFailed(
            f"{label} says that the account of this installation is used up. The operator should look at it.",
            provider=name,
            reason="no_credit",
        )
    if status == 429:
        wait_s = retry_after_s(headers)
        return RateLimited(
            f"{label} is at its limit. Please try again in {wait_s} s.",
            provider=name,
            reason="rate_limited",
            retryable=True,
            retry_after_s=wait_s,
        )
    if status < 500 and status not in TRY_AGAIN_STATUSES:
        return _refusal(name, label, status, said)
    return ProviderUnavailable(
        f"{label} has a problem of its own. Please try again.", provider=name, reason=f"http_{status}", retryable=True
    )


def _refusal(name: str, label: str, status: int, said: str) -> ProviderError:
    if status == 413 or any(sign in said for sign in TOO_LONG):
        return ContextTooLong(
            f"{label} cannot read that much at once. Shorten the question or begin a new conversation.",
            provider=name,
            reason="context",
        )
    if any(sign in said for sign in FILTERED):
        return filtered(name, label)
    if status == 404:
        return ProviderUnavailable(
            f"{label} does not know the model that is asked for. The operator should check its name.",
            provider=name,
            reason="no_model",
        )
    return ProviderError(f"{label} could not read this request.", provider=name, reason=f"http_{status}")


def retry_after_s(headers: Mapping[str, str]) -> int:
    """Seconds to wait by `Retry-After` (a number or a date), at least 1; a default where it is missing or odd."""
    value = headers.get("retry-after", "").strip()
    try:
        wait_s = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return DEFAULT_RETRY_AFTER_SECONDS
        wait_s = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    if wait_s != wait_s:  # NaN
        return DEFAULT_RETRY_AFTER_SECONDS
    return round(min(max(wait_s, 1), RETRY_AFTER_MAX_SECONDS))
