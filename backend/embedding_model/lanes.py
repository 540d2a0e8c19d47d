"""Two lanes to the engine, so that a question never waits behind somebody's book."""

import math
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from embedding_model.engine import Engine, Kind
from machine import give_way

PASSAGE_NICENESS = 10
QUERIES_WAITING = 64
PASSAGES_WAITING = 256
RETRY_AFTER_MAX_SECONDS = 60
FIRST_GUESS_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Embedded:
    """Unit vectors of the texts, in their order, and how many tokens they had together."""

    vectors: list[list[float]]
    tokens: int


@dataclass(eq=False, slots=True)
class Job:
    """The texts of one request. Who no longer wants `done` cancels it, or calls `drop` once it is being computed."""

    texts: Sequence[str]
    done: "Future[Embedded]" = field(default_factory=Future)
    is_dropped: bool = False

    def drop(self) -> None:
        self.done.cancel()
        self.is_dropped = True


class LaneFull(Exception):
    """Too much waits already."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("the lane is full")
        self.retry_after_s = retry_after_s


class Lane:
    """Computes texts of one kind in a thread of its own, one after the other.

    One text at a time costs no more than several together, and a request that is dropped ends within one.
    """

    def __init__(self, engine: Engine, kind: Kind, *, longest: int, niceness: int = 0) -> None:
        self._engine = engine
        self._kind = kind
        self._longest = longest
        self._niceness = niceness
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._waiting = 0  # texts
        self._text_s = FIRST_GUESS_SECONDS
        # A daemon: the process may end in mid-text, there is nothing to lose or to save.
        threading.Thread(target=self._work, name=kind, daemon=True).start()

    def take(self, texts: Sequence[str]) -> Job:
        """Queue a request; an idle lane takes one of any length. Raises: LaneFull."""
        with self._guard:
            if self._waiting and self._waiting + len(texts) > self._longest:
                wait_s = math.ceil(self._waiting * self._text_s)
                raise LaneFull(min(max(wait_s, 1), RETRY_AFTER_MAX_SECONDS))
            self._waiting += len(texts)
        job = Job(texts)
        self._jobs.put(job)
        return job

    def _work(self) -> None:
        if self._niceness:
            give_way(self._niceness)
        while True:
            job = self._jobs.get()
            left = len(job.texts)
            try:
                if job.done.set_running_or_notify_cancel():
                    job.done.set_result(self._compute(job))
            except Exception as error:
                job.done.set_exception(error)
            finally:
                with self._guard:
                    self._waiting -= left

    def _compute(self, job: Job) -> Embedded:
        vectors = []
        tokens = 0
        for text in job.texts:
            if job.is_dropped:
                break
            begun = time.monotonic()
            vectors.append(self._engine.embed(text, self._kind))
            tokens += self._engine.count_tokens(text, self._kind)
            self._text_s += (time.monotonic() - begun - self._text_s) / 8
        return Embedded(vectors, tokens)


class Lanes:
    """The engine with a lane for each kind of text."""

    def __init__(self, engine: Engine) -> None:
        self._lanes: dict[Kind, Lane] = {
            "query": Lane(engine, "query", longest=QUERIES_WAITING),
            "passage": Lane(engine, "passage", longest=PASSAGES_WAITING, niceness=PASSAGE_NICENESS),
        }

    def take(self, texts: Sequence[str], kind: Kind) -> Job:
        """Queue a request. Raises: LaneFull."""
        return self._lanes[kind].take(texts)
