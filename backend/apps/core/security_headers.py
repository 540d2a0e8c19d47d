"""What every answer tells a browser about itself: pages, assets, API, sign-in, admin and refusals alike.

An ASGI layer, since assets and refusals of a body never come to Django. What a view sets itself stays as it set it.
"""

from collections.abc import Iterable, Mapping, Sequence

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope

# No inline script or style, nothing from elsewhere: an image address in an answer could otherwise carry text away.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",  # both hold what the page has already
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",  # the page that draws diagrams
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# Diagrams are drawn in a hidden frame, since what draws them writes styles of its own. It is shown a diagram's source,
# which a model wrote, so it may reach nothing: no connection, no picture from elsewhere, no window, no form.
DIAGRAM_PATH = "/diagram.html"
DIAGRAM_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "data:",
    "font-src": "'self'",
    "connect-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
    "sandbox": "allow-scripts allow-same-origin",
}
# What no page of ours asks a browser for, nor anything in it.
SWITCHED_OFF = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
HSTS_SECONDS = 365 * 24 * 3600
# The last are the pages of links, which are for those alone to whom they were given.
PRIVATE_PATHS = ("/api/", "/_allauth/", "/accounts/", "/admin/", "/s/")


def content_security_policy(*, form_targets: Iterable[str]) -> str:
    """`form_targets`: origins to which a form of ours is redirected, such as another sign-in service."""
    return _policy_text({**POLICY, "form-action": " ".join([POLICY["form-action"], *form_targets])})


def _policy_text(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def security_headers(*, https: bool, form_targets: Sequence[str] = ()) -> list[tuple[bytes, bytes]]:
    """The headers of every answer; `https` promises browsers that this host is never reached otherwise."""
    headers = {
        "Content-Security-Policy": content_security_policy(form_targets=form_targets),
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in SWITCHED_OFF),
        "Cross-Origin-Opener-Policy": "same-origin",
        # Pages of CORS_ALLOWED_ORIGINS fetch by CORS, which this does not touch; all else may not load us.
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",  # for browsers that know no frame-ancestors
        "Referrer-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


DIAGRAM_HEADERS = {
    b"content-security-policy": _policy_text(DIAGRAM_POLICY).encode(),
    b"x-frame-options": b"SAMEORIGIN",
}


class SecurityHeaders:
    """ASGI layer: adds `headers` to every answer that has none of that name."""

    def __init__(self, app: ASGI3Application, *, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self.app = app
        self._headers = tuple(headers)
        # What is somebody's own must lie in no cache, neither a proxy's nor the browser's, and in no search engine.
        self._private = (*self._headers, (b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex"))
        self._diagram = tuple({**dict(headers), **DIAGRAM_HEADERS}.items())

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = self._headers_of(scope["path"])

        async def send_guarded(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.start":
                given = list(event["headers"])
                names = {name.lower() for name, _ in given}
                event["headers"] = given + [header for header in headers if header[0] not in names]
            await send(event)

        await self.app(scope, receive, send_guarded)

    def _headers_of(self, path: str) -> Sequence[tuple[bytes, bytes]]:
        if path == DIAGRAM_PATH:
            return self._diagram
        return self._private if path.startswith(PRIVATE_PATHS) else self._headers
