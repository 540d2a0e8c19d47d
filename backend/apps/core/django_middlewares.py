"""Django's own middlewares behind one switch: they run under the prefixes below and cost nothing elsewhere."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connections
from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin

PREFIXES = ("/admin/", "/_allauth/", "/accounts/")


class Switched(MiddlewareMixin):
    """Passes every request outside of PREFIXES on untouched."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PREFIXES):
            return await super().__acall__(request)
        return await self.get_response(request)  # type: ignore[misc,no-any-return]  # a coroutine under ASGI


class Connections(Switched):
    """Closes what the request's own thread opened, since that thread ends with it."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return await super().__acall__(request)
        finally:
            if request.path.startswith(PREFIXES):
                await sync_to_async(connections.close_all)()


class Sessions(Switched, SessionMiddleware):
    pass


class Authentication(Switched, AuthenticationMiddleware):
    pass


class Messages(Switched, MessageMiddleware):
    pass


class Csrf(Switched, CsrfViewMiddleware):
    async def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:  # type: ignore[override]
        if not request.path.startswith(PREFIXES):
            return None
        return await sync_to_async(super().process_view)(request, *view)
