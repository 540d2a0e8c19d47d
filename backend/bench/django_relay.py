"""The least that a gateway of this stack could be: Django's ASGI handler and the pooled client, and bytes passed on."""

import os
from collections.abc import AsyncIterator

import httpx
from aiohttp import ClientSession, TCPConnector
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from httpx_aiohttp import AiohttpTransport

from bench.relay import SECRET, WORKER_URL

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of-the-benchmark",  # noqa: S106  it protects nothing
    UNIT_OF_WORK_THREADS=1,
)

from apps.core.units_of_work import connections_leave_requests  # noqa: E402  it needs the settings

client = httpx.AsyncClient(
    transport=AiohttpTransport(client=lambda: ClientSession(connector=TCPConnector(limit=0))),
    headers={"X-Internal-Secret": os.environ[SECRET], "content-type": "application/json"},
    timeout=None,  # noqa: S113  the benchmark is bounded as a whole
)


async def pass_on(request: HttpRequest) -> HttpResponseBase:
    """POST passes on; GET answers at once, as a health probe is answered."""
    if request.method != "POST":
        return HttpResponse()
    asked = client.build_request("POST", os.environ[WORKER_URL], content=request.body)
    answer = await client.send(asked, stream=True)
    return StreamingHttpResponse(_body(answer), status=answer.status_code, content_type="text/event-stream")


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()


urlpatterns = [path("", pass_on)]
app = get_asgi_application()
connections_leave_requests()
