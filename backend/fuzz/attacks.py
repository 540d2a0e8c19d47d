"""Requests that no honest client sends, by kind, each with the answers that are right for it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

from fuzz.wire import CLOSED, Target

REFUSED = frozenset({400, 401, 403, 404, 405, 408, 413, 415, 417, 422, 431, CLOSED})
ANSWERED = frozenset({200, 204})
MEGABYTE = b"x" * 2**20
OVERSIZE_BYTES = 100 * 2**20
CHUNKED = "Transfer-Encoding: chunked"


@dataclass(frozen=True)
class Attack:
    """`request` gives the bytes to send; each answer's status must be in `right`."""

    kind: str
    name: str
    request: Callable[[Target], Iterable[bytes]]
    right: frozenset[int] = REFUSED


def all_attacks() -> Iterator[Attack]:
    for make in (_hosts, _request_lines, _heads, _lengths, _chunks, _pipelines, _bodies, _documents):
        yield from make()


def _get(
    *lines: str, path: str = "", method: str = "GET", host: str | None = "localhost"
) -> Callable[[Target], list[bytes]]:
    return lambda target: [target.head("Connection: close", *lines, method=method, path=path, host=host)]


def _raw(data: bytes) -> Callable[[Target], list[bytes]]:
    return lambda target: [data]


def _post(body: bytes, *lines: str, content_type: str = "application/json") -> Callable[[Target], list[bytes]]:
    return lambda target: [target.post(body, *lines, content_type=content_type)]


def _hosts() -> Iterator[Attack]:
    # The worker answers to any name: who talks to it has the internal secret.
    either = REFUSED | ANSWERED
    for host in ("evil.example", "localhost:99999", "localhost@evil.example", "[::1", "local host", "\u00ff", "."):
        yield Attack("wrong Host", host, _get(host=host), either)
    yield Attack("wrong Host", "none", _get(host=None), either)
    yield Attack("wrong Host", "two", _get("Host: evil.example"), either)
    yield Attack("wrong Host", "X-Forwarded-Host", _get("X-Forwarded-Host: evil.example"), either)


def _request_lines() -> Iterator[Attack]:
    kind, any_right = "request line", REFUSED | ANSWERED
    for path in (
        "/%00",
        "/%ff%fe",
        "/api/%2e%2e/%2e%2e/etc/passwd",
        "//evil.example/%2e%2e",
        "/api//chat//",
        "/\\..\\",
    ):
        yield Attack(kind, path, _get(path=path), any_right)
    yield Attack(kind, "60 KB long", _get(path="/" + "a" * 60_000), any_right)
    yield Attack(kind, "200 KB long", _get(path="/" + "a" * 200_000))
    yield Attack(kind, "absolute", _get(path="http://evil.example/api/chat/"), any_right)
    for method in ("TRACE", "CONNECT", "FOO", "get", "PROPFIND", "HEAD", "OPTIONS"):
        yield Attack(kind, f"method {method}", _get(method=method), any_right)
    yield Attack(kind, "OPTIONS *", _get(method="OPTIONS", path="*"), any_right)
    yield Attack(kind, "HTTP/0.9", _raw(b"GET /\r\n\r\n"), any_right)
    yield Attack(kind, "HTTP/9.9", _raw(b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"))
    yield Attack(kind, "HTTP/2 preface", _raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
    yield Attack(kind, "TLS greeting", _raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64)))
    yield Attack(kind, "bytes that are none", _raw(bytes(range(256)) * 16))
    yield Attack(
        kind, "bytes above ASCII", _raw(b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    )


def _heads() -> Iterator[Attack]:
    kind, any_right = "headers", REFUSED | ANSWERED
    yield Attack(kind, "one of 1 MB", lambda target: [target.head(f"X-Long: {'a' * 2**20}")])
    yield Attack(kind, "one without end", lambda target: [target.head()[:-2] + b"X-Long: ", *repeat(MEGABYTE, 100)])
    yield Attack(kind, "100,000 of them", lambda target: [target.head(*(f"X-{n}: {n}" for n in range(100_000)))])
    yield Attack(kind, "500 of them", _get(*(f"X-{n}: {n}" for n in range(500))), any_right)
    yield Attack(kind, "1,000 cookies", _get("Cookie: " + "; ".join(f"c{n}=1" for n in range(1000))), any_right)
    yield Attack(kind, "NUL", _get("X-Bad: a\x00b"))
    yield Attack(kind, "line feed alone", _get("X-Bad: a\nInjected: yes"), any_right)
    yield Attack(kind, "carriage return alone", _get("X-Bad: a\rInjected: yes"))
    yield Attack(kind, "folded", _get("X-Bad: a\r\n b"), any_right)
    yield Attack(kind, "without a colon", _get("nonsense"))
    yield Attack(kind, "blank before the colon", _get("X-Bad : a"))
    yield Attack(kind, "above ASCII", _get("X-Request-ID: \u00ff\u00fe", "Last-Event-ID: \u00ff"), any_right)
    for name in (
        "X-Request-ID",
        "Last-Event-ID",
        "X-Reader-ID",
        "Origin",
        "Cookie",
        "Authorization",
        "Accept",
        "Range",
    ):
        for value in ("%0d%0aInjected: yes", "a" * 8000, "Bearer \u00ff", "bytes=0-1,5-2,-", '=;,="', "null"):
            yield Attack("header injection", f"{name}: {value[:12]}", _get(f"{name}: {value}"), any_right)
    yield Attack(kind, "upgrade to a WebSocket", _get(*_WEBSOCKET), any_right)
    yield Attack(kind, "upgrade to h2c", _get("Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AA"), any_right)


_WEBSOCKET = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def _lengths() -> Iterator[Attack]:
    for value in ("-1", "+5", "5, 5", "1e3", "0x5", "9" * 40, " ", "5;a", "\u00b2"):
        yield Attack("length", value[:12], _json(b"12345", f"Content-Length: {value}"))
    yield Attack("length", "two", _json(b"123456", "Content-Length: 5", "Content-Length: 6"))
    smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    yield Attack("length", "with chunks", _json(smuggled, "Content-Length: 5", CHUNKED))


def _json(rest: bytes, *lines: str) -> Callable[[Target], list[bytes]]:
    return lambda target: [_json_head(target, *lines) + rest]


def _json_head(target: Target, *lines: str) -> bytes:
    return target.head("Connection: close", "Content-Type: application/json", *lines)


def _chunks() -> Iterator[Attack]:
    bodies = {
        "size that is none": b"zz\r\n",
        "negative size": b"-1\r\nx\r\n",
        "size of 20 digits": b"F" * 20 + b"\r\nx",
        "no line end": b"5\r\nabcdeXX",
        "size with a blank": b"5 \r\nabcde\r\n0\r\n\r\n",
        "extension of 1 MB": b"1;" + MEGABYTE + b"\r\nx\r\n0\r\n\r\n",
        "trailers of 10 MB": b"0\r\n" + b"X-T: " + MEGABYTE * 10,
        "no JSON": b"5\r\nabcde\r\n0\r\n\r\n",
    }
    for name, body in bodies.items():
        yield Attack("chunks", name, _json(body, CHUNKED))
    for coding in ("chunked, identity", "xchunked", "identity", "chunked, chunked", "gzip, chunked"):
        yield Attack("chunks", coding, _json(b"0\r\n\r\n", f"Transfer-Encoding: {coding}"))


def _pipelines() -> Iterator[Attack]:
    any_right = REFUSED | ANSWERED
    yield Attack(
        "pipelining", "100 requests", lambda target: [target.head(method="GET") * 99, *_get()(target)], any_right
    )
    yield Attack(
        "pipelining", "behind a POST", lambda target: [_alive_post(target, target.body), *_get()(target)], any_right
    )
    yield Attack(
        "pipelining", "behind a refusal", lambda target: [_alive_post(target, b"["), *_get()(target)], any_right
    )
    yield Attack("pipelining", "Expect", _post(b"[", "Expect: 100-continue"))
    yield Attack("pipelining", "Expect of something else", _post(b"[", "Expect: \u00ff"))


def _alive_post(target: Target, body: bytes) -> bytes:
    return target.head("Content-Type: application/json", f"Content-Length: {len(body)}") + body


def _bodies() -> Iterator[Attack]:
    too_large = frozenset({413, CLOSED})
    declared = f"Content-Length: {OVERSIZE_BYTES}"
    yield Attack(
        "100 MB body", "declared", lambda target: [_json_head(target, declared), *repeat(MEGABYTE, 100)], too_large
    )
    chunk = b"%x\r\n%b\r\n" % (len(MEGABYTE), MEGABYTE)
    yield Attack(
        "100 MB body", "in chunks", lambda target: [_json_head(target, CHUNKED), *repeat(chunk, 100)], too_large
    )
    yield Attack("content", "none", _post(b""))
    yield Attack("content", "XML", _post(b"<a/>", content_type="application/xml"))
    yield Attack("content", "a form", _post(b"message=a", content_type="application/x-www-form-urlencoded"))
    yield Attack("content", "multipart without a boundary", _post(b"--b\r\n", content_type="multipart/form-data"))
    yield Attack("content", "said to be gzip", _post(b"\x1f\x8b\x08\x00", "Content-Encoding: gzip"))
    yield Attack("content", "UTF-16", _post("{}".encode("utf-16"), content_type="application/json; charset=utf-16"))
    yield Attack("content", "unknown charset", _post(b"{}", content_type="application/json; charset=\u00ff"))


def _documents() -> Iterator[Attack]:
    bodies = {
        "1,000 lists deep": b"[" * 1000 + b"]" * 1000,
        "1,000 objects deep": b'{"message":' * 1000 + b"1" + b"}" * 1000,
        "1,000 deep in a member": b'{"message": "a", "document_ids": ' + b"[" * 1000 + b"]" * 1000 + b"}",
        "500,000 lists deep": b"[" * 500_000,
        "100,000 members": json.dumps({f"k{number}": number for number in range(100_000)}).encode(),
        "an integer of 100,000 digits": b'{"message": ' + b"9" * 100_000 + b"}",
        "1e400": b'{"message": 1e400, "temperature": 1e400}',
        "NaN": b'{"message": NaN, "temperature": NaN}',
        "Infinity": b'{"message": -Infinity}',
        "a byte order mark": b'\xef\xbb\xbf{"message": 5}',
        "more behind it": b'{"message": 5} {"message": 6}',
        "a NUL": b'{"message": "a\\u0000b", "prompt": 5}',
        "a lone surrogate": b'{"message": "\\ud800", "prompt": 5}',
        "no UTF-8": b'{"message": "\xff\xfe"}',
        "half of it": b'{"message": "a',
        "a string": b'"message"',
        "null": b"null",
    }
    for name, body in bodies.items():
        yield Attack("JSON", name, _post(body))
    # Of two equal names the last counts, as in every parser in use here.
    yield Attack(
        "JSON", "equal names", lambda target: [target.post(b"{" + target.body[1:-1] + b"," + target.body[1:])], ANSWERED
    )
