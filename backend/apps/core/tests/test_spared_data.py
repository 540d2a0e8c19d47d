"""Fewer bytes on the line for who asks, and the same ones for everybody else."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse

from apps.core.handed_streams import _handed
from apps.core.spared_data import spare
from apps.core.sse import DONE, frame, sse_response

LONG = {"text": "What is light? " * 200}


def request_of(path: str = "/api/conversations/1/", *, saves: str = "on", encodings: str = "gzip, br") -> HttpRequest:
    request = HttpRequest()
    request.path = path
    request.META = {"HTTP_SAVE_DATA": saves, "HTTP_ACCEPT_ENCODING": encodings}
    return request


async def spared(request: HttpRequest, response: HttpResponse | None = None) -> HttpResponse:
    response = response or JsonResponse(LONG)
    await spare(request, response)
    return response


async def test_long_lists_are_compressed_for_who_asks() -> None:
    response = await spared(request_of())
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding, Save-Data"
    assert orjson.loads(gzip.decompress(response.content)) == LONG
    assert len(response.content) < len(JsonResponse(LONG).content) / 5


async def test_nothing_else_is() -> None:
    for request, response in (
        (request_of(saves=""), None),
        (request_of(encodings="br"), None),
        (request_of("/api/session/"), None),
        (request_of("/api/account/tokens/"), None),
        (request_of("/_allauth/browser/v1/auth/session"), None),
        (request_of(), JsonResponse({"short": True})),
        (request_of(), HttpResponse(b"%PDF" * 1000, content_type="application/pdf")),
    ):
        before = (response or JsonResponse(LONG)).content
        after = await spared(request, response)
        assert not after.has_header("Content-Encoding")
        assert after.content == before


async def test_each_piece_of_a_stream_can_be_read_as_it_comes_and_its_source_is_closed() -> None:
    closed = asyncio.Event()
    pieces = [frame("text-delta", delta=word) for word in ("Light ", "is ", "a wave.")]

    async def source() -> AsyncGenerator[bytes, None]:
        try:
            for piece in [*pieces, DONE]:
                yield piece
        finally:
            closed.set()

    response = sse_response(source())
    await spare(request_of("/api/chat/stream/"), response)
    assert response["Content-Encoding"] == "gzip"
    streams: list[AsyncGenerator[bytes, None]] = []
    _handed.set(streams)
    assert [part async for part in response] == []
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    read = [unpacker.decompress(part) async for part in streams[0]]
    assert read == [*pieces, DONE, b""]
    assert unpacker.eof
    assert closed.is_set()
