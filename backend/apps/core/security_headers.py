"""What every answer tells a browser about itself: pages, assets, API, sign-in, admin and refusals alike.

An ASGI layer, since assets and refusals of a body never come to Django. What a view sets itself stays as it set it.
"""

from collections.abc import Iterable, Sequence

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope

# No inline script or style, nothing from elsewhere: an image address in an answer could otherwise carry text away.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",  # both hold what the page has already
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# What no page of ours asks a browser for, nor anything in it.
SWITCHED_OFF = (
    "accelerometer",
    "bluetooth",
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
    policy = {**POLICY, "form-action": " ".join([POLICY["form-action"], *form_targets])}
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


class SecurityHeaders:
    """ASGI layer: adds `headers` to every answer that has none of that name."""

    def __init__(self, app: ASGI3Application, *, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self.app = app
        self._headers = tuple(headers)
        # What is somebody's own must lie in no cache, neither a proxy's nor the browser's, and in no search engine.
        self._private = (*self._headers, (b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex"))

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = self._private if scope["path"].startswith(PRIVATE_PATHS) else self._headers

        async def send_guarded(event: ASGISendEvent) -> None:
            if event["type"] == "http.response.start":
                given = list(event["headers"])
                names = {name.lower() for name, _ in given}
                event["headers"] = given + [header for header in headers if header[0] not in names]
            await send(event)

        await self.app(scope, receive, send_guarded)
