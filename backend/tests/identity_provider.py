"""A sign-in service of somebody else (OpenID Connect), as a relying party sees it: one person, always signed in."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


def _handler(claims: dict[str, Any]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            here = f"http://{self.headers['Host']}"
            if url.path == "/.well-known/openid-configuration":
                self._json(
                    {
                        "issuer": here,
                        "authorization_endpoint": f"{here}/authorize",
                        "token_endpoint": f"{here}/token",
                        "userinfo_endpoint": f"{here}/userinfo",
                        "jwks_uri": f"{here}/keys",
                    }
                )
            elif url.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                self.send_response(302)
                back = urlencode({"code": "the-code", "state": asked["state"]})
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            elif url.path == "/userinfo" and self.headers.get("Authorization") == "Bearer an-access-token":
                self._json(claims)
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert form["code"] == ["the-code"]
            assert form["code_verifier"]
            self._json({"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60})

        def _json(self, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running_identity_provider(**claims: Any) -> Iterator[str]:
    """Its address, for as long as the block lasts; `claims` are what it says of the one person."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(claims))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
