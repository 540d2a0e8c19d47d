"""Vectors of texts by the real process of the embedding model, kept from run to run: they take most of the time."""

import hashlib
import os
import sqlite3
import sys
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from embedding_model.requests import TEXTS_MAX
from embedding_model.settings import BUNDLED_MODEL
from tests.stack import Service, clean_environment, free_port

CACHE = Path(tempfile.gettempdir()) / f"lamla-bench-{os.geteuid()}" / "vectors.sqlite3"
TEXTS_AT_ONCE = min(8, TEXTS_MAX)
TIMEOUT_SECONDS = 300.0
MODEL_THREADS = 2


class Vectors:
    """Asks the model for what is not kept; `made` counts that."""

    def __init__(self, base_url: str, cache: Path) -> None:
        cache.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._url = base_url
        self._cache = sqlite3.connect(cache, isolation_level=None)
        self._cache.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, numbers BLOB)")
        self.made = 0

    def of(self, texts: Sequence[str], kind: str) -> list[Sequence[float]]:
        """Raises: httpx.HTTPError."""
        keys = {text: _key(text, kind) for text in texts}
        missing = [text for text, key in keys.items() if self._kept(key) is None]
        for start in range(0, len(missing), TEXTS_AT_ONCE):
            some = missing[start : start + TEXTS_AT_ONCE]
            for text, numbers in zip(some, self._asked(some, kind), strict=True):
                row = (keys[text], array("f", numbers).tobytes())
                self._cache.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?)", row)
            self.made += len(some)
            print(f"{start + len(some)} of {len(missing)} vectors made", end="\r", file=sys.stderr, flush=True)
        return [self._kept(keys[text]) or () for text in texts]

    def _kept(self, key: bytes) -> Sequence[float] | None:
        row = self._cache.execute("SELECT numbers FROM vectors WHERE key = ?", [key]).fetchone()
        return array("f", row[0]) if row else None

    def _asked(self, texts: Sequence[str], kind: str) -> list[list[float]]:
        body = {"model": BUNDLED_MODEL, "input": texts, "input_type": kind}
        answer = httpx.post(f"{self._url}/v1/embeddings", json=body, timeout=TIMEOUT_SECONDS, trust_env=False)
        answer.raise_for_status()
        return [each["embedding"] for each in answer.json()["data"]]


def _key(text: str, kind: str) -> bytes:
    return hashlib.sha256(f"{BUNDLED_MODEL}\0{kind}\0{text}".encode()).digest()


@contextmanager
def running_vectors(cache: Path = CACHE) -> Iterator[Vectors]:
    """The embedding model in a process of its own, ended with the block. Raises: RuntimeError, TimeoutError."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        variables = {"EMBEDDINGS_PORT": str(port), "EMBEDDINGS_THREADS": str(MODEL_THREADS)}
        service = Service(
            name="embedding model",
            command=[sys.executable, "-m", "embedding_model"],
            url=f"http://127.0.0.1:{port}",
            health="/health",
            env=clean_environment(folder, variables),
            log=folder / "embedding-model.log",
        )
        service.start()
        try:
            yield Vectors(service.url, cache)
        finally:
            service.end()
