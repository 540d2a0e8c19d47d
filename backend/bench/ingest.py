"""A book of 1,000 pages: how fast it is read, in how much memory, and how much longer others wait for their answers.

Run it with `make bench-ingest`: real processes on this machine alone, the embedding model among them. What is compared
is measured in turns within one run, so that whatever else the machine does falls on all of it alike.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from bench.first_token import Student, figures_of, student_of
from bench.ingest_database import IngestDatabase
from bench.long_book import book
from bench.reading_children import reading_children
from bench.uploading import changed, uploader_at, uploads_going_on
from embedding_model.settings import BUNDLED_MODEL
from tests.postgres import running_postgres
from tests.stack import SQLITE_NAME, Service, Stack, clean_environment, free_port, running_stack, wait_until

SAMPLE_SECONDS = 0.05
# The gateway looks for documents without vectors every few seconds, and first makes those of many questions, once.
VECTORS_BEGIN_SECONDS = 180.0
QUIET_SECONDS = 0.5
PARTS = ("p50", "p95")
SMALL_BOOK_PAGES = 100  # vectors of which take longer than any turn
Turns = Mapping[str, Callable[[], AbstractContextManager[None]]]  # what goes on, by its name
SPACE = {"DOCUMENTS_MAX_BYTES_PER_GUEST": str(2**30)}


@dataclass
class Taken:
    """What a gateway and its reading child take until the block is left: the most memory, in bytes, and processor time.

    The time says what a page costs on a machine that has other things to do as well.
    """

    gateway: psutil.Process
    before: int = 0
    most: int = 0
    child_most: int = 0
    cpu_s: float = 0.0
    child_cpu_s: float = 0.0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.before = self.gateway.memory_info().rss
        self.cpu_s = -_cpu_s(self.gateway)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.cpu_s += _cpu_s(self.gateway)

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.most = max(self.most, self.gateway.memory_info().rss)
            for child in reading_children(self.gateway.pid):
                with suppress(OSError, StopIteration, psutil.NoSuchProcess):
                    self.child_most = max(self.child_most, _peak_bytes(child.pid))
                    self.child_cpu_s = _cpu_s(child)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _peak_bytes(pid: int) -> int:
    """The kernel's own record of the most that a process had resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


@dataclass(frozen=True)
class Site:
    """The product with its embedding model, and a database to look into."""

    stack: Stack
    model: Service
    database: IngestDatabase

    @property
    def gateway(self) -> psutil.Process:
        return psutil.Process(self.stack.gateway.pid)

    def is_quiet(self) -> bool:
        """Whether nothing is read and no vector is made."""
        before = psutil.Process(self.model.pid).cpu_times()
        time.sleep(QUIET_SECONDS)
        return not reading_children(self.gateway.pid) and psutil.Process(self.model.pid).cpu_times() == before

    def wait_for_quiet(self) -> None:
        wait_until(self.is_quiet, what="all is quiet", deadline_s=VECTORS_BEGIN_SECONDS)


@contextmanager
def running_site(folder: Path, database: str) -> Iterator[Site]:
    port = free_port()
    model = Service(
        name="embedding model",
        command=[sys.executable, "-m", "embedding_model"],
        url=f"http://127.0.0.1:{port}",
        health="/health",
        env=clean_environment(folder, {"EMBEDDINGS_PORT": str(port)}),
        log=folder / "embedding-model.log",
    )
    worker = {"EMBEDDINGS_BASE_URL": f"{model.url}/v1", "EMBEDDINGS_MODEL": BUNDLED_MODEL}
    with ExitStack() as running:
        url = running.enter_context(running_postgres()).url if database == "postgres" else ""
        running.callback(model.end_if_started)
        model.start()
        stack = running.enter_context(running_stack(folder, worker=worker, gateway=SPACE, database_url=url))
        yield Site(stack, model, IngestDatabase(url=url, file=None if url else folder / SQLITE_NAME))


def throughput(site: Site, content: bytes, *, pages: int, vectors_s: float) -> dict[str, float]:
    """One book, alone; and then its vectors for so many seconds."""
    uploader = uploader_at(site.stack.gateway.url)
    small = uploader.upload(book(20))  # what a gateway keeps from its first file is not this book's
    uploader.wait_until_ready(small)
    uploader.delete(small)
    site.wait_for_quiet()
    size_before = site.database.size_bytes()
    with Taken(site.gateway) as taken:
        began = time.perf_counter()
        document_id = uploader.upload(content)
        arrived = time.perf_counter()
        uploader.wait_until_ready(document_id)
        ended = time.perf_counter()
    figures = {
        "pages": pages,
        "file_mb": round(len(content) / 2**20, 1),
        "arrival_s": round(arrived - began, 2),
        "read_s": round(ended - arrived, 2),
        "pages_per_s": round(pages / (ended - arrived), 1),
        "gateway_mb_before": round(taken.before / 2**20),
        "gateway_mb_most": round(taken.most / 2**20),
        "child_mb_most": round(taken.child_most / 2**20),
        "gateway_cpu_s": round(taken.cpu_s, 2),
        "child_cpu_s": round(taken.child_cpu_s, 2),
        "database_mb": round((site.database.size_bytes() - size_before) / 2**20, 1),
        "passages": site.database.count("documents_documentpassage"),
    }
    vectors = vectors_per_second(site, seconds=vectors_s)
    uploader.delete(document_id)
    passages = figures["passages"]
    return {**figures, "vectors_per_s": round(vectors, 2), "vectors_whole_s": round(passages / vectors)}


def vectors_per_second(site: Site, *, seconds: float) -> float:
    """Once the first are there."""
    wait_for_vectors(site)
    began, before = time.perf_counter(), site.database.vectors()
    time.sleep(seconds)
    return (site.database.vectors() - before) / (time.perf_counter() - began)


def wait_for_vectors(site: Site) -> None:
    wait_until(lambda: site.database.vectors() > 0, what="vectors are made", deadline_s=VECTORS_BEGIN_SECONDS)


@contextmanager
def vectors_being_made(site: Site) -> Iterator[None]:
    """Inside the block; afterwards there is nothing left to make them of."""
    uploader = uploader_at(site.stack.gateway.url)
    document_id = uploader.upload(changed(book(SMALL_BOOK_PAGES)))
    uploader.wait_until_ready(document_id)
    wait_for_vectors(site)
    yield
    uploader.delete(document_id)


class ReadingShare:
    """For which part of the time a child was reading, of all that was spent in blocks of this."""

    def __init__(self, gateway: int) -> None:
        self._gateway = gateway
        self._samples: list[bool] = []
        self._ended = threading.Event()

    def __enter__(self) -> None:
        self._ended.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self._samples.append(bool(reading_children(self._gateway)))

    @property
    def figure(self) -> float:
        return round(sum(self._samples) / max(1, len(self._samples)), 2)


@dataclass
class Waited:
    """Milliseconds added to first tokens while something went on, and for which part of it a file was read."""

    share: ReadingShare
    added_ms: list[float] = field(default_factory=list)


def waiting_times(site: Site, student: Student, turns: Turns, *, rounds: int, chats: int) -> dict[str, Waited]:
    """By what goes on meanwhile; turn after turn, in changing order."""
    waited = {name: Waited(ReadingShare(site.gateway.pid)) for name in turns}
    for number in range(rounds):
        for name in list(turns) if number % 2 == 0 else list(turns)[::-1]:
            site.wait_for_quiet()
            with turns[name](), waited[name].share:
                waited[name].added_ms += student.added_ms(chats)
    return waited


def compared(waited: Mapping[str, Waited]) -> Iterator[dict[str, object]]:
    """A line for each; the first of them is what the others are compared with."""
    alone = figures_of(next(iter(waited.values())).added_ms)
    for name, each in waited.items():
        figures = figures_of(each.added_ms)
        ratios = {f"{part}_ratio": round(figures[f"added_{part}_ms"] / alone[f"added_{part}_ms"], 2) for part in PARTS}
        yield {"while": name, "reading_share": each.share.figure, **figures, **ratios}


def measured(options: argparse.Namespace) -> Iterator[dict[str, object]]:
    with tempfile.TemporaryDirectory() as name, running_site(Path(name), options.database) as site:
        content, file = book(options.pages), Path(name) / "book.pdf"
        file.write_bytes(content)
        if options.vectors_seconds:
            yield {**throughput(site, content, pages=options.pages, vectors_s=options.vectors_seconds)}
        url = site.stack.gateway.url
        turns: Turns = {
            "nothing else": nullcontext,
            "books are read": lambda: uploads_going_on(url, file, at_once=options.books),
            "vectors are made": lambda: vectors_being_made(site),
        }
        student = student_of(site.stack)
        student.added_ms(options.chats)  # what a first prompt loads is no delay of the others
        yield from compared(waiting_times(site, student, turns, rounds=options.rounds, chats=options.chats))


def main() -> None:
    """Print one JSON line per measurement; figures to read, never a test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--books", type=int, default=1, help="that are uploaded and read at once")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--chats", type=int, default=15, help="of each turn")
    parser.add_argument("--vectors-seconds", type=float, default=60, help="0: leave the throughput out")
    for figures in measured(parser.parse_args()):
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
