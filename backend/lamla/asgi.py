"""The gateway's ASGI application: Django, and around it what must come before Django."""

import asyncio
import os
import sys
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamla.settings")

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.asgi import get_asgi_application
from servestatic import ServeStaticASGI  # type: ignore[import-untyped]  # ships no types

from apps.core.allocator import give_memory_back
from environment import ConfigurationError

give_memory_back()
try:
    django_application = get_asgi_application()  # loads the apps, which the imports below need
except ConfigurationError as error:
    sys.exit(f"Lamla cannot start: {error}")

from apps.archive.services.retention import retention
from apps.chat.services.live_feed import live_feed
from apps.chat.services.running import runner
from apps.core.async_client import close_worker, open_worker
from apps.core.handed_streams import HandedStreams
from apps.core.health import set_ready
from apps.core.lifespan import Lifespan
from apps.core.no_websockets import NoWebSockets
from apps.core.request_id import RequestIds
from apps.core.request_limits import RequestLimits
from apps.core.security_headers import SecurityHeaders, security_headers
from apps.core.trusted_proxies import TrustedProxies
from apps.core.units_of_work import connections_leave_requests
from apps.documents.services.embedding import embedder
from apps.documents.services.ingesting import ingest
from apps.documents.services.progress import progress

PATHS_WITHOUT_SLASH = ("/api/docs", "/api/openapi.json")


class EitherSlash:
    """Lets an API address answer with and without its last slash: a redirect would lose the body of a POST."""

    def __init__(self, app: ASGI3Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if path.startswith("/api/") and path not in PATHS_WITHOUT_SLASH and not path.endswith("/"):
                scope["path"] = f"{path}/"
        await self.app(scope, receive, send)


def with_static_files(app: ASGI3Application) -> ServeStaticASGI:
    """Serve the built UI's assets, and the files of Django's own pages, from memory of where they lie."""
    root = settings.UI_DIR if settings.UI_DIR.is_dir() else None
    # The build names assets by their content, so none of them ever changes.
    types = {".webmanifest": "application/manifest+json"}
    static = ServeStaticASGI(app, root=root, immutable_file_test=r"^/assets/", mimetypes=types)
    if root and not settings.UI_OFFLINE:
        static.add_file_to_dictionary("/sw.js", str(root / "sw-off.js"))
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            static.add_files(storage.location, prefix=settings.STATIC_URL)
    return static


async def start() -> None:
    connections_leave_requests()
    await open_worker()
    await runner().start()
    ingest().start()
    embedder().start()
    retention().start()
    set_ready(ready=True)


async def drain() -> None:
    set_ready(ready=False)
    await retention().drain()
    await live_feed().close()
    await progress().close()
    await asyncio.gather(runner().drain(), ingest().drain(), embedder().drain())


# From the inside out.
bounded = RequestLimits(with_static_files(cast(ASGI3Application, django_application)))
served = Lifespan(EitherSlash(bounded), start=start, drain=drain, stop=close_worker)
named = NoWebSockets(
    TrustedProxies(
        SecurityHeaders(
            RequestIds(served),
            headers=security_headers(https=settings.HTTPS, form_targets=settings.FORM_TARGETS),
        ),
        trusted=settings.TRUSTED_PROXIES,
    )
)
application = HandedStreams(named)
