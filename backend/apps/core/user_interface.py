"""The built UI: its page for every address that is no API."""

import asyncio
import hashlib
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Lamla</title>
<p>The gateway runs; its page is not built yet. Run <code>npm start</code> in <code>frontend/</code> and open
<a href="http://localhost:3000">localhost:3000</a>, or start everything with <code>make run</code>.</p>"""


async def page(request: HttpRequest) -> HttpResponseBase:
    """The UI's page, which finds its own way by the address; 304 where a browser has this very one."""
    text = await asyncio.to_thread(_read, settings.UI_DIR / "index.html")
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    response = get_conditional_response(request, etag=etag) or HttpResponse(text, headers={"ETag": etag})
    # The page names its assets by their hash, so it alone must be asked for anew.
    response["Cache-Control"] = "no-cache"
    return response


def _read(file: Path) -> str:
    return file.read_text() if file.is_file() else NOT_BUILT
