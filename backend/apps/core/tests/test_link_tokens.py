"""A path in a log is told without the token of a link."""

import logging
import sys

import pytest

from apps.core.link_tokens import LinkTokenFormatter

TOKEN = "aZ0-_" * 6 + "ab"


def logged(message: str, *args: object, failed: bool = False) -> str:
    error = sys.exc_info() if failed else None
    return LinkTokenFormatter("%(message)s").format(
        logging.LogRecord("django.request", logging.ERROR, "", 0, message, args, error)
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/api/shared/{TOKEN}/", "/api/shared/…/"),
        (f"/s/{TOKEN}", "/s/…"),
        (f"/s/{TOKEN} and /s/{TOKEN}", "/s/… and /s/…"),
        ("/api/conversations/1/share/", "/api/conversations/1/share/"),
    ],
)
def test_a_token_is_not_told(path: str, told: str) -> None:
    assert logged("%s: %s", "Away", path) == f"Away: {told}"


def test_nor_is_it_by_what_a_request_has_failed_of() -> None:
    try:
        raise ValueError(f"/s/{TOKEN}")
    except ValueError:
        text = logged("Away", failed=True)
    assert "ValueError: /s/…" in text
    assert TOKEN not in text
