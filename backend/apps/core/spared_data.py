"""Fewer bytes for who asks for that by `Save-Data: on`: answers and lists leave compressed.

Only for who asks, since a compressed length can tell of what stands in an answer beside a text that somebody else
chose (BREACH). So nothing with a secret in it is among them: neither sessions nor tokens, nor the sign-in. And no
foreign page can have a browser ask with its cookies, which are `SameSite=Lax`.
"""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from apps.core.handed_streams import handed
from apps.core.sse import DONE, EventStream

SPARED_PATHS = ("/api/conversations/", "/api/courses/", "/api/documents/", "/api/models/")
MIN_BYTES = 1_000  # what is shorter fits into one packet anyhow
THREAD_BYTES = 64 * 1024  # what is longer would hold up all streams while it is compressed
LEVEL = 6
# Frames repeat within a few hundred bytes, so 4 kB of them are enough to look back on: 32 kB of memory for a stream.
WINDOW_BITS, MEMORY_LEVEL = 12, 5
GZIP_HEADER = 16  # added to the bits, asks zlib for gzip
JOIN_SECONDS = 0.5


async def spare(request: HttpRequest, response: HttpResponseBase) -> None:
    """Compress the response where its sender asked for that and it may be."""
    if not _asks(request) or response.has_header("Content-Encoding"):
        return
    if isinstance(response, EventStream):
        response.streaming_content = handed(_zipped(response.body, join_s=JOIN_SECONDS if response.joins else 0))
    elif isinstance(response, HttpResponse) and _is_long_json(request, response):
        response.content = await _packed(response.content)
    else:
        return
    response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding", "Save-Data"))


def _asks(request: HttpRequest) -> bool:
    wants = request.headers.get("Save-Data", "").strip().lower() == "on"
    return wants and "gzip" in request.headers.get("Accept-Encoding", "").lower()


def _is_long_json(request: HttpRequest, response: HttpResponse) -> bool:
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return is_json and len(response.content) >= MIN_BYTES and request.path.startswith(SPARED_PATHS)


async def _packed(content: bytes) -> bytes:
    if len(content) < THREAD_BYTES:
        return gzip.compress(content, LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, content, LEVEL, mtime=0)


async def _zipped(stream: AsyncGenerator[bytes, None], *, join_s: float) -> AsyncGenerator[bytes, None]:
    """The stream as gzip, each piece readable as soon as it comes.

    Between two pieces it waits `join_s`: what is written meanwhile comes as one piece, and costs one packet.
    """
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_HEADER + WINDOW_BITS, MEMORY_LEVEL)
    async with aclosing(stream):
        async for piece in stream:
            yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
            if join_s and not piece.endswith(DONE):
                await asyncio.sleep(join_s)
    yield packer.flush()
