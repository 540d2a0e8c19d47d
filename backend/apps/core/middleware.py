"""What comes before every view: async only, no thread and no database."""

import asyncio
from collections.abc import Awaitable, Callable

from asgiref.sync import markcoroutinefunction
from django.core.exceptions import BadRequest as DjangoBadRequest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError

from apps.core.access import check_access, set_cookies
from apps.core.errors import ApiError, BadRequest
from apps.core.problems import CONTENT_TYPE, problem_response
from apps.core.request_id import current_request_id
from apps.core.spared_data import spare

PROBES = "/health/"  # they come by whatever name or address a machine is reached


class ApiMiddleware:
    """Checks the host, for `/api/` origin and CSRF token as well; turns refusals into problem documents."""

    sync_capable, async_capable = False, True

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = current_request_id.get()
        request.request_id = request_id  # type: ignore[attr-defined]  # read by request_id_of
        try:
            response = await self._answer(request)
        except ApiError as error:
            response = problem_response(error, request_id=request_id)
        await spare(request, response)
        if isinstance(response, HttpResponse):  # whole, so its length is known and nothing need be chunked
            response.setdefault("Content-Length", str(len(response.content)))
        return response

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PROBES):
            return await self.get_response(request)
        is_api = request.path.startswith("/api/")
        try:
            request.get_host()
            if is_api:
                check_access(request)
                if request.content_type == "multipart/form-data":
                    # Views then find the files parsed; parsing megabytes on the loop would stall every stream.
                    await asyncio.to_thread(getattr, request, "FILES")
        except (SuspiciousOperation, DjangoBadRequest, MultiPartParserError) as error:
            raise BadRequest(f"This request could not be read: {error}") from error
        return await self._answer_api(request) if is_api else await self.get_response(request)

    async def _answer_api(self, request: HttpRequest) -> HttpResponseBase:
        response = await self.get_response(request)
        if response.status_code == 405 and response.headers.get("Content-Type") != CONTENT_TYPE:
            allowed = response.headers.get("Allow", "")
            response = problem_response(
                ApiError(f"This address takes {allowed or 'other methods'}.", code="method_not_allowed", status=405),
                request_id=current_request_id.get(),
            )
            response["Allow"] = allowed
        set_cookies(request, response)
        return response
