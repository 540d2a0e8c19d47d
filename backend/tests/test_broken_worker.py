"""A worker that says what nobody can read: the answer ends all the same, and the conversation goes on."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.stack import gateway_service, migrate
from tests.streams import csrf, frames_of, metadata_of

pytestmark = pytest.mark.waits

FRAMES = [
    b'data: {"type":"message-metadata","messageMetadata":{"provider":"local","model":"m"}}\n\n',
    b'data: {"type":"text-delta","id":"answer","delta":"half of a charact\n\n',
    b'data: {"type":"data-outcome","data":{"finish_reason":"stop","usage":{},"attempts":[]}}\n\n',
]


class Garbled(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(b'{"default": null, "providers": []}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(b"".join(FRAMES))

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests' output is for the tests."""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    worker = ThreadingHTTPServer(("127.0.0.1", 0), Garbled)
    serving = threading.Thread(target=worker.serve_forever)
    serving.start()
    gateway = gateway_service(tmp_path, worker_url=f"http://127.0.0.1:{worker.server_port}", settings={})
    migrate(gateway)
    gateway.start()
    try:
        with httpx.Client(base_url=gateway.url, timeout=20, trust_env=False) as visitor:
            yield visitor
    finally:
        gateway.end()
        worker.shutdown()
        serving.join()
        worker.server_close()


def test_an_answer_that_cannot_be_read_ends_as_failed(client: httpx.Client) -> None:
    with client.stream("POST", "/api/chat/stream/", json={"message": "Hello"}) as answer:
        frames = list(frames_of(line for line in answer.iter_lines() if "half of" not in line))
    assert [frame.type for frame in frames[-3:]] == ["data-problem", "error", "[DONE]"]
    assert frames[-3].data["data"]["code"] == "internal_error"
    saved = client.get(f"/api/conversations/{metadata_of(frames)['conversation_id']}/").json()
    assert saved["generation"] is None
    assert saved["messages"][-1]["state"] == "failed"
    again = {"message": "Once more", "conversation_id": saved["id"]}
    assert client.post("/api/chat/", json=again, headers=csrf(client)).json()["code"] == "internal_error"
