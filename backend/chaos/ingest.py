"""Kill -9 at random moments of ingest: each document must come out as one that nothing disturbed.

Run it with `make kill-ingest`, RUNS=20 SEED=7 and the like: real processes on this machine alone. What is killed is
the gateway with all that it started, the gateway alone, or the child that reads.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import httpx
import psutil

from bench.ingest_database import IngestDatabase
from bench.long_book import book, docx_book
from bench.reading_children import Children, reading_children
from bench.uploading import Uploader, uploader_at
from chaos.__main__ import end
from chaos.ingest_evidence import Evidence, Stage, evidence_of, files_in, is_done, left_over, page_rows
from tests.postgres import running_postgres
from tests.stack import SQLITE_NAME, Service, Stack, running_stack, wait_until

DONE_SECONDS = 180.0
UPLOAD_TRIES = 5
PDF_PAGES, DOCX_SECTIONS = 300, 120
# A file arrives in a moment, and vectors take most of an ingest; so that each has its share of the kills, so many of
# them fall into its time.
SHARES = {"arrival": 0.15, "reading": 0.6, "vectors": 0.25}
Victim = Literal["gateway and children", "gateway", "child"]
VICTIMS: tuple[Victim, ...] = ("gateway and children", "gateway", "child")


@dataclass(frozen=True)
class Calm:
    """A file, and its ingest that nothing disturbed: seconds from its first byte sent."""

    name: str
    content: bytes
    arrived_s: float
    ready_s: float
    done_s: float
    evidence: Evidence

    @property
    def times(self) -> dict[str, tuple[float, float]]:
        """From when to when each of SHARES goes on."""
        ends = (0.0, self.arrived_s, self.ready_s, self.done_s)
        return dict(zip(SHARES, pairwise(ends), strict=True))


@dataclass(frozen=True)
class Kill:
    """What is killed, and how many seconds after the upload has begun."""

    victim: Victim
    at_s: float


@dataclass
class Site:
    """A gateway that is killed, and one user who has at most one document."""

    stack: Stack
    database: IngestDatabase
    uploader: Uploader
    temporary: Path

    @property
    def gateway(self) -> Service:
        return self.stack.gateway

    @property
    def files(self) -> Path:
        return Path(self.gateway.env["DATA_DIR"], "files")

    def wait_until_done(self, document_id: str) -> None:
        wait_until(lambda: is_done(self.database, document_id), what="all is done", deadline_s=DONE_SECONDS)

    def deleted(self, document_id: str) -> list[str]:
        """Delete it; what of it is still there then, as sentences."""
        self.uploader.delete(document_id)
        return [f"left over: {each}" for each in left_over(self.database, self.files, self.temporary)]


@contextmanager
def running_site(folder: Path, database: str) -> Iterator[Site]:
    temporary = folder / "temporary"
    temporary.mkdir()
    with ExitStack() as running:
        url = running.enter_context(running_postgres()).url if database == "postgres" else ""
        settings = {"TMPDIR": str(temporary)}
        stack = running.enter_context(running_stack(folder, gateway=settings, database_url=url))
        read = IngestDatabase(url=url, file=None if url else folder / SQLITE_NAME)
        yield Site(stack, read, uploader_at(stack.gateway.url), temporary)


def undisturbed(site: Site, name: str, content: bytes) -> Calm:
    """Raises: RuntimeError, TimeoutError."""
    began = time.monotonic()
    document_id = site.uploader.upload(content, name=name)
    arrived_s = time.monotonic() - began
    site.uploader.wait_until_ready(document_id)
    ready_s = time.monotonic() - began
    site.wait_until_done(document_id)
    calm = Calm(name, content, arrived_s, ready_s, time.monotonic() - began, evidence_of(site.database, document_id))
    if left := site.deleted(document_id):
        raise RuntimeError(f"without any kill: {left}")
    return calm


def planned(chosen: random.Random, calm: Calm, number: int) -> Kill:
    (within,) = chosen.choices(list(SHARES), list(SHARES.values()))
    return Kill(VICTIMS[number % len(VICTIMS)], chosen.uniform(*calm.times[within]))


def disturbed(site: Site, calm: Calm, kill: Kill) -> dict[str, object]:
    """Ingest it with a kill in between; `wrong` has what is not as it must be."""
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        uploading = pool.submit(site.uploader.upload, calm.content, name=calm.name)
        time.sleep(max(0.0, began + kill.at_s - time.monotonic()))
        children_before = reading_children(site.gateway.pid)
        victim = struck(site, kill.victim, children_before)
        # What is stored by now must be left as it is; of a gateway that lives on, more may be stored meanwhile.
        stage, rows = Stage.of(site.database), page_rows(site.database)
        if victim != "child":
            site.gateway.start(wait=False)
        with Children(site.gateway.pid, known=[child.pid for child in children_before]) as children:
            if victim != "child":
                site.gateway.wait_until_healthy()
            document_id = uploading.result() if uploading.exception() is None else uploaded_again(site, calm)
            site.wait_until_done(document_id)
    wrong = evidence_of(site.database, document_id).differences(calm.evidence)
    after = page_rows(site.database)
    if any(after.get(number) != pk for number, pk in rows.items()):
        wrong.append("a page that was stored already was stored again")
    wrong += read_again(stage, children, victim)
    if (count := len(list(files_in(site.files)))) != 1:
        wrong.append(f"{count} files in the storage")
    wrong += site.deleted(document_id)
    return {
        "file": calm.name,
        "killed": victim,
        "at_s": round(kill.at_s, 2),
        "state": stage.state or "arriving",
        "pages": stage.pages,
        "vectors": stage.vectors,
        "went_on_at": sorted(children.first_pages.values()),
        "wrong": wrong,
    }


def struck(site: Site, victim: Victim, children: Sequence[psutil.Process]) -> Victim:
    """Kill it, and return what was killed: while no child reads, the gateway in its place."""
    if victim == "child" and children:
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        return victim
    if victim == "gateway":
        site.gateway.kill()
        return victim
    site.gateway.kill_all()
    return "gateway and children"


def read_again(stage: Stage, children: Children, victim: Victim) -> list[str]:
    """Whether a child was told to give pages that were stored at the kill."""
    first_pages = children.first_pages.values()
    if stage.state == "ready":
        return ["a document that was read was read again"] if first_pages and victim != "child" else []
    if not first_pages:
        return ["no child was seen to go on"]
    return [f"pages from {page} were read again" for page in first_pages if page <= stage.pages]


def uploaded_again(site: Site, calm: Calm) -> str:
    """As somebody does whose upload broke off. Raises: httpx.HTTPError."""
    for _ in range(UPLOAD_TRIES - 1):
        try:
            return site.uploader.upload(calm.content, name=calm.name)
        except httpx.TransportError:
            continue
    return site.uploader.upload(calm.content, name=calm.name)


def run(options: argparse.Namespace) -> int:
    """Print a JSON line for each kill; 1 when anything was wrong."""
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    chosen, wrong = random.Random(seed), 0  # noqa: S311  a plan, not a secret
    with tempfile.TemporaryDirectory() as name, running_site(Path(name), options.database) as site:
        site.uploader.upload(b"Somebody was here.", name="first.txt")  # makes the guest
        files: Mapping[str, bytes] = {"book.pdf": book(PDF_PAGES), "book.docx": docx_book(DOCX_SECTIONS)}
        first_id = site.uploader.client.get("/api/documents/").json()["items"][0]["id"]
        site.wait_until_done(first_id)
        site.uploader.delete(first_id)
        calm = [undisturbed(site, each, content) for each, content in files.items()]
        for each in calm:
            say(
                {
                    "undisturbed": each.name,
                    "arrived_s": round(each.arrived_s, 3),
                    "ready_s": round(each.ready_s, 2),
                    "done_s": round(each.done_s, 2),
                }
            )
        for number in range(options.runs):
            of_file = calm[number % len(calm)]
            result = disturbed(site, of_file, planned(chosen, of_file, number))
            wrong += bool(result["wrong"])
            say(result)
    say({"kills": options.runs, "seed": seed, "database": options.database, "wrong": wrong})
    return 1 if wrong else 0


def say(line: Mapping[str, object]) -> None:
    print(json.dumps(line), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos.ingest", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, help="a number from an earlier run, to play the same plan again")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    return run(parser.parse_args())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    sys.exit(main())
