"""Figures of this worker for Prometheus; with several processes, those of all of them together."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from fastapi_service.core.config import METRICS_FOLDER_VARIABLE
from fastapi_service.orchestration.events import Attempt
from fastapi_service.orchestration.lane import Lane

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0)


class Metrics:
    """The figures of one process. Names follow Prometheus' conventions: base units, `_total` for what only grows."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._attempts = Counter(
            "lamla_attempts", "Tries of a provider, by how they ended.", ["provider", "outcome"], registry=registry
        )
        self._attempt_seconds = Histogram(
            "lamla_attempt_seconds", "Length of a try.", ["provider"], buckets=SECONDS, registry=registry
        )
        self._first_token_seconds = Histogram(
            "lamla_first_token_seconds", "Time to the first token.", ["provider"], buckets=SECONDS, registry=registry
        )
        self._tokens = Counter(
            "lamla_tokens", "Tokens in prompts and in answers.", ["provider", "direction"], registry=registry
        )
        self._live = Gauge(
            "lamla_live_streams", "Answers being streamed.", multiprocess_mode="livesum", registry=registry
        )
        self._open = Gauge(
            "lamla_circuit_open",
            "Processes that leave the provider alone or are just trying it.",
            ["provider"],
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._waiting = Gauge(
            "lamla_queue_waiting",
            "Requests that wait for their turn.",
            ["provider"],
            multiprocess_mode="livesum",
            registry=registry,
        )

    def attempt(self, attempt: Attempt) -> None:
        """Count a try that has ended."""
        provider = attempt.provider
        self._attempts.labels(provider, attempt.outcome).inc()
        self._attempt_seconds.labels(provider).observe(attempt.ms / 1000)
        if attempt.first_token_ms is not None:
            self._first_token_seconds.labels(provider).observe(attempt.first_token_ms / 1000)
        self._tokens.labels(provider, "input").inc(attempt.input_tokens or 0)
        self._tokens.labels(provider, "output").inc(attempt.output_tokens)

    def lane(self, lane: Lane) -> None:
        """Take the lane's state as it is now; to be called when it may have changed."""
        provider = lane.provider.name
        self._open.labels(provider).set(0 if lane.breaker.state == "closed" else 1)
        self._waiting.labels(provider).set(lane.limit.waiting)

    def live(self, streams: int) -> None:
        self._live.set(streams)

    def exposition(self) -> bytes:
        """All figures in Prometheus' text format, of all processes where they share a folder."""
        if not os.environ.get(METRICS_FOLDER_VARIABLE):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # it has no types
        return generate_latest(together)


def forget_dead_processes() -> None:
    """Drop the gauges of processes that are gone; what they counted stays."""
    folder = os.environ.get(METRICS_FOLDER_VARIABLE)
    for file in Path(folder).glob("gauge_live*.db") if folder else ():
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not _runs(int(pid)):
            multiprocess.mark_process_dead(int(pid))  # type: ignore[no-untyped-call]  # it has no types


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
