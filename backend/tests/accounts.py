"""People who sign up and in through allauth's headless API, as the page does."""

import re
from pathlib import Path
from typing import Any

import httpx

from tests.stack import Stack
from tests.streams import csrf

API = "/_allauth/browser/v1"
PASSWORD = "correct horse battery staple"


def ask(client: httpx.Client, path: str, body: object = None, *, method: str = "POST") -> dict[str, Any]:
    """An answer of allauth's as it stands, whatever its status."""
    answer = client.request(method, f"{API}{path}", json=body, headers=csrf(client))
    return {} if not answer.content else dict(answer.json())


def code_from_mail(stack: Stack) -> str:
    """The code in the newest e-mail; each is a file of its own."""
    newest = max(Path(stack.gateway.env["DATA_DIR"], "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    found = re.search(r"^([A-Z0-9]{3,5}-?[A-Z0-9]{3,5})\s*$", newest.read_text(), re.MULTILINE)
    assert found, newest.read_text()
    return found[1]


def sign_up(stack: Stack, client: httpx.Client, email: str, **fields: str) -> None:
    """Sign up and verify the e-mail; the client is signed in then."""
    client.get("/api/session/")
    told = ask(client, "/auth/signup", {"email": email, "password": PASSWORD, **fields})
    assert told["status"] == 401, told
    told = ask(client, "/auth/email/verify", {"key": code_from_mail(stack)})
    assert told["status"] == 200, told


def log_in(client: httpx.Client, email: str, password: str = PASSWORD) -> dict[str, Any]:
    client.get("/api/session/")
    return ask(client, "/auth/login", {"email": email, "password": password})
