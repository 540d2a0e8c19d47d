"""Turns that are taken before a request goes on."""

import json

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from apps.usage import middleware


async def test_a_turn_that_cannot_be_counted_is_no_fault_of_ours_and_comes_again(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.RATE_LIMITS = True

    async def away(*_: object, **__: object) -> None:
        raise OperationalError("the database system is starting up")

    async def answer(_: HttpRequest) -> HttpResponse:
        raise AssertionError("the request went on")

    monkeypatch.setattr(middleware, "unit_of_work", away)
    refused = await middleware.RateLimits(answer)(RequestFactory().patch("/api/conversations/1/"))
    assert isinstance(refused, HttpResponse)
    assert (refused.status_code, json.loads(refused.content)["code"]) == (503, "database_unavailable")
    assert refused["Retry-After"]
