"""Everywhere in the product that a stranger's text goes, and what has to come of it there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from tests.streams import csrf

SHORT = "[[tokens=1 rate=0 first=0]]"  # for the fake provider: the shortest answer that there is
SIGN_IN = "/_allauth/browser/v1/auth/login"
BOUNDARY = "a-boundary"


@dataclass(frozen=True)
class Visitor:
    """A guest with one conversation of its own."""

    client: httpx.Client
    conversation_id: str
    message_id: str  # of its answer

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**csrf(self.client), **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    def send_json(self, method: str, path: str, body: object) -> httpx.Response:
        """Any text goes through: what UTF-8 cannot say is escaped."""
        headers = {"Content-Type": "application/json"}
        return self.send(method, path, content=json.dumps(body).encode(), headers=headers)


def new_visitor(client: httpx.Client) -> Visitor:
    made = client.post("/api/chat/", json={"message": SHORT}).raise_for_status()
    reply = made.json()
    return Visitor(client, reply["conversation"]["id"], reply["assistant_message"]["id"])


def _message(visitor: Visitor, text: str) -> httpx.Response:
    answer = visitor.send_json("POST", "/api/chat/", {"message": text})
    if answer.status_code == 200:
        assert answer.json()["user_message"]["text"] == text.strip(), "the message was changed"
    return answer


def _ids(visitor: Visitor, text: str) -> httpx.Response:
    message = {"id": text, "role": "user", "parts": [{"type": "text", "text": SHORT}]}
    return visitor.send_json("POST", "/api/chat/", {"id": text, "messages": [message]})


def _title(visitor: Visitor, text: str) -> httpx.Response:
    answer = visitor.send_json("PATCH", f"/api/conversations/{visitor.conversation_id}/", {"title": text})
    if answer.status_code == 200:
        assert answer.json()["title"] == text.strip(), "the title was changed"
    return answer


def _feedback(visitor: Visitor, text: str) -> httpx.Response:
    body = {"rating": "down", "comment": text}
    answer = visitor.send_json("POST", f"/api/messages/{visitor.message_id}/feedback/", body)
    if answer.status_code == 200:
        assert answer.json()["comment"] == text.strip(), "the comment was changed"
    return answer


def _provider(visitor: Visitor, text: str) -> httpx.Response:
    return visitor.send_json("POST", "/api/chat/", {"message": SHORT, "provider": text, "model": text})


def _member(visitor: Visitor, text: str) -> httpx.Response:
    return visitor.send_json("POST", "/api/chat/", {"message": SHORT, f"x{text}": 1})


def _query(visitor: Visitor, text: str) -> httpx.Response:
    value = _quoted(text)[:20_000]  # more than that no address holds
    return visitor.send("GET", f"/api/conversations/?q={value}&cursor={value}")


def _search(visitor: Visitor, text: str) -> httpx.Response:
    return visitor.send("GET", f"/api/conversations/search/?q={_quoted(text)[:20_000]}")


def _export(visitor: Visitor, text: str) -> httpx.Response:
    """Of a conversation with this title."""
    _title(visitor, text)
    answer = visitor.send("GET", f"/api/conversations/{visitor.conversation_id}/export/")
    assert answer.headers["content-disposition"].startswith("attachment; filename")
    return answer


def _path(visitor: Visitor, text: str) -> httpx.Response:
    return visitor.send("GET", f"/api/conversations/x{_quoted(text)[:4000]}/")


def _filename(visitor: Visitor, text: str) -> httpx.Response:
    """As a careless client sends it: what would end the line or the name is written as browsers write it."""
    name = text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22").encode(errors="surrogatepass")
    disposition = b'Content-Disposition: form-data; name="file"; filename="%b.txt"' % name
    message = b'Content-Disposition: form-data; name="message"\r\n\r\n' + SHORT.encode()
    parts = [disposition + b"\r\nContent-Type: text/plain\r\n\r\nLight is a wave.", message]
    body = b"".join(b"--%b\r\n%b\r\n" % (BOUNDARY.encode(), part) for part in parts) + b"--%b--" % BOUNDARY.encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    answer = visitor.send("POST", "/api/chat/file/", content=body, headers=headers)
    if answer.status_code == 200:
        kept = answer.json()["documents"][0]["filename"]
        assert not set(kept) & set("/\\\x00\r\n"), "the file's name is a path"
    return answer


def _headers(visitor: Visitor, text: str) -> httpx.Response:
    names = ("X-Request-ID", "X-Reader-ID", "Last-Event-ID", "Accept", "Accept-Language", "User-Agent")
    value = _header_value(text)
    answer = visitor.send("GET", "/api/session/", headers=dict.fromkeys(names, value))
    assert "\n" not in answer.headers["x-request-id"], "a request id of two lines"
    return answer


def _cookie(visitor: Visitor, text: str) -> httpx.Response:
    headers = {"Cookie": f"sessionid={_header_value(text)[:4000]}"}
    return httpx.get(f"{_base(visitor)}/api/session/", headers=headers, trust_env=False)


def _bearer(visitor: Visitor, text: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer x{_header_value(text)}"}
    return httpx.get(f"{_base(visitor)}/api/conversations/", headers=headers, trust_env=False)


def _sign_in(visitor: Visitor, text: str) -> httpx.Response:
    return visitor.send_json("POST", SIGN_IN, {"email": text, "password": text})


def _base(visitor: Visitor) -> str:
    return str(visitor.client.base_url).rstrip("/")


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _header_value(text: str) -> str:
    """What of it a client's own library would put into a header; what it refuses is sent by hand in attacks.py."""
    return "".join(character for character in text if character.isprintable() and ord(character) < 127).strip()[:8000]


@dataclass(frozen=True)
class Place:
    """`send` puts a text there, and checks what was made of it; the answer's status must be in `right`."""

    name: str
    send: Callable[[Visitor, str], httpx.Response]
    right: frozenset[int]


def _place(name: str, send: Callable[[Visitor, str], httpx.Response], *right: int) -> Place:
    return Place(name, send, frozenset(right))


GATEWAY_PLACES = (
    _place("a message", _message, 200, 422),
    _place("ids of the client", _ids, 200, 404, 409, 422),
    _place("a title", _title, 200, 422),
    _place("feedback", _feedback, 200, 422),
    _place("provider and model", _provider, 200, 422),
    _place("a member's name", _member, 422),
    _place("a query", _query, 200, 422),
    _place("a search", _search, 200, 422),
    _place("an export's title", _export, 200),
    _place("a path", _path, 404, 422),
    _place("a file's name", _filename, 200, 400, 413, 415, 422),
    _place("headers", _headers, 200),
    _place("a session's cookie", _cookie, 200),
    _place("a token", _bearer, 401),
    _place("e-mail and password", _sign_in, 400, 401, 429),
)


@dataclass(frozen=True)
class WorkerCaller:
    """One that knows the internal secret."""

    client: httpx.Client

    def send(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self.client.post(path, content=json.dumps(body).encode(), headers=headers)


def to_worker(caller: WorkerCaller, text: str) -> list[httpx.Response]:
    """One text in the worker's prompts, names and ids. Right: 200, 422, or a word on providers."""
    prompt = [{"role": "user", "content": SHORT}]
    return [
        caller.send("/chatbot", {"prompt": f"{text}{SHORT}"}),
        caller.send("/chatbot", {"messages": prompt, "provider": text, "model": text}),
        caller.send("/chatbot", {"messages": prompt, "text_id": text, "continue_from": text}),
        caller.send("/embeddings", {"texts": [text], "kind": "query"}),
        caller.send("/quiz/", {"passages": [{"id": text, "text": text}], "count": 1, "language": text}),
    ]


def to_study(caller: WorkerCaller, text: str) -> httpx.Response:
    """A text to be studied; the fake provider says nothing of use, so it is asked again and again, for a second."""
    return caller.send("/flashcards/", {"passages": [{"id": "p1", "text": text}], "count": 1})


WORKER_RIGHT = frozenset({200, 422, 502, 503, 504})
