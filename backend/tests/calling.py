"""How each route of the gateway is called rightly. A route that takes a body must stand here to be tested at all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.owner import PROMPT, UPLOAD, Route
from tests.streams import csrf

Call = Mapping[str, Any]  # options of httpx
ARCHIVE = ("account.zip", b"PK\x05\x06" + bytes(18), "application/zip")

CALLS: Mapping[str, Call] = {
    "POST /api/chat/": {"json": {"message": PROMPT}},
    "POST /api/chat/stream/": {"json": {"message": PROMPT}},
    "POST /api/documents/": {"files": {"file": UPLOAD}},
    "PATCH /api/documents/{document_id}/": {"json": {"filename": "waves.pdf"}},
    "POST /api/courses/": {"json": {"name": "Acoustics"}},
    "PATCH /api/courses/{course_id}/": {"json": {"exam_on": "2030-06-01"}},
    "POST /api/chat/file/": {"data": {"message": PROMPT}, "files": {"file": UPLOAD}},
    "PATCH /api/conversations/{conversation_id}/": {"json": {"title": "Another name"}},
    "POST /api/account/tokens/": {"json": {"name": "another", "scopes": ["read"]}},
    "POST /api/account/import/": {"files": {"file": ARCHIVE}},
    "DELETE /api/account/": {"json": {"confirm": "somebody@example.org"}},
    "POST /api/messages/{message_id}/feedback/": {"json": {"rating": "up"}},
}


def call_of(route: Route) -> Call:
    """A right body for it. Raises: AssertionError for one that is not known here."""
    if route.body_schema is None:
        return {}
    assert route.name in CALLS, f"say in tests/calling.py how {route.name} is called, so that its guards are tested"
    return CALLS[route.name]


@dataclass(frozen=True)
class Reply:
    """An answer; of one without end its beginning."""

    status: int
    headers: httpx.Headers
    text: str

    @property
    def code(self) -> str:
        """Of a problem document; of anything else it is empty."""
        is_problem = self.headers.get("content-type") == "application/problem+json"
        return str(json.loads(self.text)["code"]) if is_problem else ""


def send(client: httpx.Client, route: Route, ids: Mapping[str, str], **changes: Any) -> Reply:
    """Call it as a page of ours does, with these ids in its path; `changes` are options of httpx."""
    options = {**call_of(route), "headers": csrf(client), **changes}
    with client.stream(route.method, route.filled(ids), **options) as answer:
        is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
        body = next(answer.iter_bytes(), b"") if is_stream else answer.read()
        return Reply(answer.status_code, answer.headers, body.decode(errors="replace"))
