"""All nasty files through a running gateway: what it answers, how soon, and what its process keeps of them.

Run it with `make nasty`: a real gateway on this machine, bounds that fail. Each file comes from a visitor of its own.
"""

import argparse
import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import psutil

from apps.documents.tests import sample_files, sample_formats
from apps.documents.tests.nasty.all_cases import NASTY
from apps.documents.tests.nasty.case import SAYS_PAGES, Answer, Nasty
from tests.stack import Service, Stack, running_stack, wait_until
from tests.streams import csrf

GROWTH_MB = 20.0
WAIT_S = 120.0  # then even a file beyond its bound is given up
SETTLE_S = 3.0  # until what an answer leaves to be done in the background is done
POLL_S, SAMPLE_S = 0.03, 0.02
ENDED_S = 5.0  # for processes and temporary files to be gone after an answer
NAME_MAX = 255
BOUNDARY = "nasty-boundary"
TWO_GB = 2**31


@dataclass(frozen=True)
class Row:
    """What came of a file; `fault` is empty when all was as it should be."""

    name: str
    answer: str
    seconds: float
    bytes: int
    rss_mb: float
    fault: str


class Memory:
    """The resident memory of a process, the most of it sampled in a thread until the block is left."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.most_mb = 0.0

    @property
    def mb(self) -> float:
        return float(self._process.memory_info().rss) / 2**20

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_S):
            self.most_mb = max(self.most_mb, self.mb)


class Sender:
    """Sends files to a gateway and says what came of them."""

    def __init__(self, stack: Stack, memory: Memory, temporary: Path) -> None:
        self._stack, self._memory, self._temporary = stack, memory, temporary

    def row(self, case: Nasty) -> Row:
        content = case.make()
        began = time.monotonic()
        with self._visitor() as client:
            answer, seconds, fault = self._sent(client, case.filename, content, began)
        fault = fault or case.fault(answer) or self._left_behind()
        if seconds > case.within_s:
            fault = f"took more than {case.within_s:g} s"
        shown = answer.code or f"ready, {answer.pages:,} pages"
        return Row(case.name, shown, seconds, len(content), self._memory.mb, fault)

    def declared_row(self) -> Row:
        """A request that declares 2 GB and sends none of them."""
        split, began = urlsplit(self._stack.gateway.url), time.monotonic()
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=WAIT_S)
        connection.putrequest("POST", "/api/documents/")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", str(TWO_GB))
        connection.endheaders()
        code = json.loads(connection.getresponse().read())["code"]
        connection.close()
        seconds = time.monotonic() - began
        fault = "" if code == "payload_too_large" else "was taken"
        return Row("2 GB declared in the request", code, seconds, 0, self._memory.mb, fault)

    @contextmanager
    def _visitor(self) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self._stack.gateway.url, timeout=WAIT_S, trust_env=False) as client:
            yield client

    def _sent(self, client: httpx.Client, filename: str, content: bytes, began: float) -> tuple[Answer, float, str]:
        """The answer, after how many seconds it was there, and what is wrong with the name that was kept."""
        sent = client.post(
            "/api/documents/",
            content=_body(filename, content),
            headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **csrf(client)},
        )
        if sent.status_code != 201:
            return Answer(str(sent.json()["code"])), time.monotonic() - began, ""
        address = f"/api/documents/{sent.json()['items'][0]['id']}/"
        document = client.get(address).json()
        while document["state"] not in ("ready", "failed") and time.monotonic() - began < WAIT_S:
            time.sleep(POLL_S)
            document = client.get(address).json()
        seconds = time.monotonic() - began
        texts = [
            client.get(f"{address}pages/{number}/").json().get("text", "")
            for number in range(1, min(document["pages_done"], SAYS_PAGES) + 1)
        ]
        client.delete(address, headers=csrf(client)).raise_for_status()
        name = document["filename"]
        is_bare = 0 < len(name) <= NAME_MAX and name.isprintable() and not set("/\\") & set(name)
        code = document["problem"]["code"] if document["problem"] else ""
        answer = Answer(code, document["pages"], texts)
        return answer, seconds, "" if is_bare else f"is called {name[:40]!r}"

    def _left_behind(self) -> str:
        """What is still there of a file that was answered."""
        process = psutil.Process(self._stack.gateway.pid)
        try:
            wait_until(lambda: not process.children(recursive=True), what="no child is left", deadline_s=ENDED_S)
            wait_until(lambda: not any(self._temporary.iterdir()), what="no file is left", deadline_s=ENDED_S)
        except TimeoutError as error:
            return str(error)
        return ""


def plain_cases() -> list[Nasty]:
    """Ordinary files of each kind: what a process keeps from its first ones is not theirs."""
    made = {
        "a.pdf": sample_files.study_pdf,
        "long.pdf": sample_files.long_pdf,
        "a.docx": sample_files.docx_file,
        "a.pptx": sample_files.pptx_file,
        "a.xlsx": sample_formats.xlsx_file,
        "a.odt": sample_formats.odt_file,
        "a.epub": sample_formats.epub_file,
        "a.png": sample_formats.picture_file,
        "a.html": lambda: b"<html><p>so</p>",
        "a.txt": lambda: b"so it is, and so it was\n\n" * 100_000,
        "large.txt": lambda: b"a large file, of which only the first part is kept\n\n" * 800_000,
    }
    return [Nasty(name, name, make, says="") for name, make in made.items()]


def _body(filename: str, content: bytes) -> bytes:
    """A form with one file, whose name arrives as it is, whatever it has in it."""
    disposition = f"Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''{quote(filename, safe='')}"
    head = f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def shown(row: Row) -> str:
    fault = f"  ← {row.fault}" if row.fault else ""
    return f"{row.name:34.34} {row.bytes / 1e6:7.2f} MB {row.seconds:6.2f} s {row.rss_mb:6.1f} MB  {row.answer}{fault}"


def measured(
    gateway: Service, rows: list[Row], *, before_mb: float, after_mb: float, most_mb: float
) -> dict[str, object]:
    """The figures of a whole run, with what failed."""
    faults = [f"{row.name}: {row.fault}" for row in rows if row.fault]
    if after_mb - before_mb > GROWTH_MB:
        faults.append(f"memory grew by more than {GROWTH_MB:g} MB")
    if not (gateway.runs and gateway.is_healthy()):
        faults.append("the gateway does not answer")
    seconds = sorted(row.seconds for row in rows)
    return {
        "files": len(rows),
        "refused": sum(not row.answer.startswith("ready") for row in rows),
        "seconds_median": round(seconds[len(seconds) // 2], 2),
        "seconds_most": round(seconds[-1], 2),
        "rss_before_mb": round(before_mb, 1),
        "rss_after_mb": round(after_mb, 1),
        "rss_most_mb": round(most_mb, 1),
        "faults": faults,
    }


def main() -> int:
    """Print a line for each file, then the figures as JSON; 1 when a bound or an answer failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="of the files, those with this in their names")
    wanted = [case for case in NASTY if parser.parse_args().only in case.name]
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name, "tmp")
        temporary.mkdir()
        with (
            running_stack(Path(name), gateway={"TMPDIR": str(temporary)}) as stack,
            Memory(stack.gateway.pid) as memory,
        ):
            sender = Sender(stack, memory, temporary)
            for case in plain_cases():
                print(shown(sender.row(case)), flush=True)
            time.sleep(SETTLE_S)
            before_mb, rows = memory.mb, []
            for row in chain([sender.declared_row()], map(sender.row, wanted)):
                rows.append(row)
                print(shown(row), flush=True)
            time.sleep(SETTLE_S)
            rows.append(sender.row(plain_cases()[0]))  # it reads as before
            figures = measured(stack.gateway, rows, before_mb=before_mb, after_mb=memory.mb, most_mb=memory.most_mb)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 1 if figures["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
