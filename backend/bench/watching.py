"""What is looked at while streams are held: how fast a probe is answered, and who holds a database connection."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import psycopg

PROBE_SECONDS = 0.05
PROBE_TIMEOUT_SECONDS = 10.0

Connections = Callable[[], tuple[int, int]]  # how many are open, and how many of them are in a transaction


class Probe:
    """Asks an address again and again, each time on a new connection, until the block is left."""

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        self._host, self._port, self._path = split.hostname or "", split.port, split.path
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.took_ms: list[float] = []
        self.failed = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def figures(self) -> dict[str, float]:
        ordered = sorted(self.took_ms)
        return {
            "probe_p50_ms": round(statistics.median(ordered), 1),
            "probe_p99_ms": round(ordered[int(len(ordered) * 0.99)], 1),
            "probes_failed": self.failed,
        }

    def _run(self) -> None:
        while not self._ended.wait(PROBE_SECONDS):
            began = time.perf_counter()
            connection = http.client.HTTPConnection(self._host, self._port, timeout=PROBE_TIMEOUT_SECONDS)
            try:
                connection.request("GET", self._path)
                self.failed += connection.getresponse().status != 200
            except OSError:
                self.failed += 1
            finally:
                connection.close()
            self.took_ms.append((time.perf_counter() - began) * 1000)


def sqlite_connections(pid: int, database: Path) -> Connections:
    """By the files that the process has open; a transaction leaves no trace there."""

    def count() -> tuple[int, int]:
        links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
        return sum(link == database for link in links), 0

    return count


@contextmanager
def postgres_connections(url: str) -> Iterator[Connections]:
    """By what the server itself says of all but the connection that asks."""
    query = """
        SELECT count(*), count(xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    """
    with psycopg.connect(url, autocommit=True) as connection:

        def count() -> tuple[int, int]:
            found = connection.execute(query).fetchone()
            return (int(found[0]), int(found[1])) if found else (0, 0)

        yield count
