"""A small server that answers as S3 does, as far as files of ours need it: whole objects and uploads in parts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

XML = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass
class ObjectStorage:
    """`objects` by path, bucket first; while `is_away`, every request is refused."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    methods: list[str] = field(default_factory=list)
    is_away: bool = False


@contextmanager
def running_object_storage() -> Iterator[ObjectStorage]:
    storage = ObjectStorage()

    class Handler(_Handler):
        kept = storage

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    storage.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield storage
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kept: ObjectStorage

    def _answer(self, status: int, body: bytes = b"", *, shown: bool = True, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if shown:
            self.wfile.write(body)

    def _begin(self) -> tuple[str, dict[str, list[str]], bytes] | None:
        """Path, query and body; None when it was refused."""
        self.kept.methods.append(self.command)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        assert "AWS4-HMAC-SHA256 Credential=key/" in self.headers["Authorization"]
        assert "/region-1/" in self.headers["Authorization"]
        if self.kept.is_away:
            self._answer(403, f"{XML}<Error><Code>AccessDenied</Code></Error>".encode())
            return None
        address = urlsplit(self.path)
        return address.path, parse_qs(address.query, keep_blank_values=True), body

    def do_PUT(self) -> None:
        if begun := self._begin():
            path, query, body = begun
            if "partNumber" in query:
                self.kept.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
            else:
                self.kept.objects[path] = body
            self._answer(200, ETag='"e"')

    def do_POST(self) -> None:
        if begun := self._begin():
            path, query, _ = begun
            if "uploads" in query:
                upload = f"upload-{len(self.kept.parts)}"
                self.kept.parts[upload] = {}
                told = f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
            else:
                parts = self.kept.parts.pop(query["uploadId"][0])
                self.kept.objects[path] = b"".join(parts[number] for number in sorted(parts))
                told = '<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>'
            self._answer(200, f"{XML}{told}".encode())

    def do_GET(self) -> None:
        if begun := self._begin():
            content = self.kept.objects.get(begun[0])
            if content is None:
                self._answer(404, f"{XML}<Error><Code>NoSuchKey</Code></Error>".encode())
            elif asked := self.headers.get("Range"):
                first, _, last = asked.removeprefix("bytes=").partition("-")
                end = min(int(last or len(content) - 1), len(content) - 1)
                told = f"bytes {first}-{end}/{len(content)}"
                self._answer(206, content[int(first) : end + 1], ETag='"e"', Content_Range=told)
            else:
                self._answer(200, content, ETag='"e"')

    def do_HEAD(self) -> None:
        if begun := self._begin():
            content = self.kept.objects.get(begun[0])
            self._answer(404) if content is None else self._answer(200, content, shown=False, ETag='"e"')

    def do_DELETE(self) -> None:
        if begun := self._begin():
            self.kept.objects.pop(begun[0], None)
            self._answer(204)

    def log_message(self, *arguments: object) -> None:
        """Nothing: tests say what they need."""
