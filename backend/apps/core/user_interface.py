"""The built UI: its page for every address that is no API."""

import asyncio
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Lamla</title>
<p>The gateway runs; its page is not built yet. Run <code>npm start</code> in <code>frontend/</code> and open
<a href="http://localhost:3000">localhost:3000</a>, or start everything with <code>make run</code>.</p>"""


async def page(request: HttpRequest) -> HttpResponse:
    """The UI's page; it finds its own way by the address."""
    response = HttpResponse(await asyncio.to_thread(_read, settings.UI_DIR / "index.html"))
    # The page names its assets by their hash, so it alone must be asked for anew.
    response["Cache-Control"] = "no-cache"
    return response


def _read(file: Path) -> str:
    return file.read_text() if file.is_file() else NOT_BUILT
