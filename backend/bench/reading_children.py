"""The child processes that read files for a gateway, as the system shows them."""

import json
import threading
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from apps.documents.extraction.job import VARIABLE

CHILD = "apps.documents.extraction.child"
WATCH_SECONDS = 0.02


def reading_children(gateway: int) -> list[psutil.Process]:
    """Of the process `gateway`."""
    found = []
    for pid in _children(gateway):
        with suppress(psutil.NoSuchProcess):
            child = psutil.Process(pid)
            if CHILD in child.cmdline():
                found.append(child)
    return found


def _children(parent: int) -> list[int]:
    """Ids, as Linux lists them for each thread: looking at all processes takes longer than some children live."""
    found: list[int] = []
    for file in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, file.read_text().split())
    return found


@dataclass
class Children:
    """From which page each child that reads for a gateway is told to begin, but for those `known`, inside the block."""

    gateway: int
    known: Collection[int]  # process ids
    first_pages: dict[int, int] = field(default_factory=dict)  # by process id
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(WATCH_SECONDS):
            for child in reading_children(self.gateway):
                with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    if child.pid not in self.known and (job := child.environ().get(VARIABLE)):
                        self.first_pages[child.pid] = int(json.loads(job)["first_page"])
