"""A student who has many books: uploads one after another from a process of its own, until told to stop."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import uuid4

import httpx

from tests.streams import csrf

TIMEOUT_SECONDS = 120.0
POLL_SECONDS = 0.2
SETTLED = frozenset({"ready", "failed"})


@dataclass(frozen=True)
class Uploader:
    """Somebody with a library of their own."""

    client: httpx.Client

    def upload(self, content: bytes, *, name: str = "book.pdf") -> str:
        """Its id, once the gateway has taken it in. Raises: httpx.HTTPStatusError."""
        files = {"file": (name, content, "application/pdf")}
        answer = self.client.post("/api/documents/", files=files, headers=csrf(self.client)).raise_for_status()
        return str(answer.json()["items"][0]["id"])

    def state(self, document_id: str) -> str:
        return str(self.client.get(f"/api/documents/{document_id}/").raise_for_status().json()["state"])

    def wait_until_ready(self, document_id: str) -> None:
        """By its events, the last of which is sent as soon as it is ready. Raises: RuntimeError when it is not."""
        with self.client.stream("GET", f"/api/documents/{document_id}/events/") as answer:
            for _ in answer.iter_lines():
                pass
        if (state := self.state(document_id)) != "ready":
            raise RuntimeError(f"the book is {state}")

    def delete(self, document_id: str) -> None:
        self.client.delete(f"/api/documents/{document_id}/", headers=csrf(self.client)).raise_for_status()


def uploader_at(url: str) -> Uploader:
    """A new guest."""
    client = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False)
    client.get("/api/session/")
    return Uploader(client)


def changed(content: bytes) -> bytes:
    """The same book to its reader, another file to a library."""
    return content + f"\n% {uuid4().hex}\n".encode()


@contextmanager
def uploads_going_on(url: str, book: Path, *, at_once: int) -> Iterator[None]:
    """Inside the block, so many users each have a book that arrives or is being read; afterwards none is left."""
    context = multiprocessing.get_context("spawn")
    stop, begun = context.Event(), [context.Event() for _ in range(at_once)]
    processes = [context.Process(target=_keep_uploading, args=(url, book, each, stop)) for each in begun]
    for process in processes:
        process.start()
    try:
        if not all(each.wait(TIMEOUT_SECONDS) for each in begun):
            raise TimeoutError("no book is being read")
        yield
    finally:
        stop.set()
        for process in processes:
            process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("uploading has failed; see above")


def _keep_uploading(url: str, book: Path, begun: Event, stop: Event) -> None:
    uploader, content = uploader_at(url), book.read_bytes()
    while not stop.is_set():
        document_id = uploader.upload(changed(content))
        while (state := uploader.state(document_id)) not in SETTLED and not stop.is_set():
            if state == "reading":
                begun.set()
            time.sleep(POLL_SECONDS)
        uploader.delete(document_id)
