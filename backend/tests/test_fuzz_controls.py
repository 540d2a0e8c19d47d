"""The controls of test_hostile_input.py: what its tools look for is found where it is."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fuzz.contract import Asker, examine
from fuzz.wire import PROBLEM, Answer, Target, exchange

ANSWERS = {"/right": (200, "application/json", '{"n": 1}'), "/undeclared": (418, "text/plain", "tea"),
           "/type": (200, "text/plain", "1"), "/schema": (200, "application/json", '{"n": "1"}'),
           "/fault": (500, "application/json", '{"n": 1}')}  # fmt: skip
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
CONTENT = {"description": "as declared", "content": {"application/json": {"schema": SCHEMA}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "wrong in every way", "version": "1"},
    "paths": {path: {"get": {"responses": {"200": CONTENT, "500": CONTENT}}} for path in ANSWERS},
}


class Wrong(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        status, content_type, body = ANSWERS.get(path, (200, "application/json", json.dumps(DOCUMENT)))
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Nothing: the tests' output is for the tests."""


@pytest.fixture
def wrong() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wrong)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_answers_that_are_not_as_declared_are_found(wrong: str) -> None:
    report = examine(f"{wrong}/openapi.json", [Asker()], cases=30, seed=1)
    found = {(operation.removeprefix("GET "), status) for operation, status in report.faults}
    assert found == {("/undeclared", 418), ("/type", 200), ("/schema", 200), ("/fault", 500)}


def test_answers_on_one_connection_are_told_apart(wrong: str) -> None:
    target = Target("wrong", wrong, "/right", {}, b"")
    asked = [target.head(method="GET", path=path) for path in ("/right", "/undeclared")]
    # This server speaks HTTP/1.0, and closes after the first.
    assert [answer.status for answer in exchange(target, asked)] == [200]
    assert [answer.body for answer in exchange(target, asked[1:])] == [b"tea"]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Answer(200), ""),
        (Answer(500), "500"),
        (Answer(200, {"injected": "yes"}), "a header of the attacker's"),
        (Answer(404, {"content-type": "text/html"}), "404 without a problem document"),
        (Answer(404, {"content-type": PROBLEM, "x-request-id": "a"}, b'{"status": 404, "request_id": "a"}'), ""),
        (
            Answer(404, {"content-type": PROBLEM, "x-request-id": "b"}, b'{"status": 404, "request_id": "a"}'),
            "a problem document of another answer",
        ),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(answer: Answer, complaint: str) -> None:
    assert answer.complaint() == complaint
