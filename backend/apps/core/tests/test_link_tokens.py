"""A path in a log is told without the token of a link."""

import logging

import pytest

from apps.core.link_tokens import LinkTokenFilter

TOKEN = "aZ0-_" * 6 + "ab"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"/api/shared/{TOKEN}/", "/api/shared/…/"),
        (f"/s/{TOKEN}", "/s/…"),
        ("/api/conversations/1/share/", "/api/conversations/1/share/"),
    ],
)
def test_a_token_is_not_told(path: str, told: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Away", path), None)
    assert LinkTokenFilter().filter(record)
    assert record.getMessage() == f"Away: {told}"
