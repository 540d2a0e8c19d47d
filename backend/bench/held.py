"""A thousand slow streams held by one gateway process: what each costs in memory, and what else suffers.

Run it with `make bench-held`: real processes on this machine alone, bounded, every token checked. The same prompts then
go to the same worker through two relays that only pass bytes on: one of bare ASGI, whose memory per stream is what any
process pays that holds two sockets, and one of the gateway's stack, Django and its pooled client.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from bench import relay
from bench.opened import Streams, Target, open_session
from bench.streams import cpu_seconds
from bench.watching import Connections, Probe, postgres_connections, sqlite_connections
from canaries import SECRET
from tests.postgres import running_postgres
from tests.stack import Service, clean_environment, free_port, running_stack
from tests.streams import tokens

TOKENS = 10
RAMP_SECONDS = 45.0  # within it all have begun, STARTING_AT_ONCE at a time
STARTING_AT_ONCE = 16
WARM_STREAMS, WARM_AT_ONCE = 200, 10  # what a process keeps from its first requests is no stream's memory
SAMPLE_SECONDS = 1.0
SETTLE_SECONDS = 15.0  # until what was kept of ended streams is gone
MANY = {"LOCAL_LLM_CONCURRENCY": "4000"}
KEEP = {"GENERATION_LOG_KEEP_SECONDS": "1"}  # so that ended streams weigh nothing


async def measure(target: Target, connections: Connections, *, streams: int, seconds: float) -> dict[str, object]:
    """Hold the streams for so long together, and read them to their end. Raises: RuntimeError, TimeoutError."""
    async with open_session() as session:
        warm = Streams(session, target, at_once=WARM_AT_ONCE)
        await warm.texts("[[tokens=2 rate=0 first=0]]", count=WARM_STREAMS)
        await asyncio.sleep(SETTLE_SECONDS)
        before = target.rss_bytes
        held = Streams(session, target, at_once=STARTING_AT_ONCE)
        rate = (TOKENS - 1) / (RAMP_SECONDS + seconds)
        began = time.monotonic()
        reading = asyncio.create_task(held.texts(f"[[tokens={TOKENS} rate={rate:.4f} first=0]]", count=streams))
        try:
            async with asyncio.timeout(RAMP_SECONDS):
                await held.all_speak.wait()
            opened_s = time.monotonic() - began
            figures = await watch(target, connections, seconds=seconds)
            texts = await reading
        finally:
            reading.cancel()
    if wrong := sum(text != tokens(TOKENS) for text in texts):
        raise RuntimeError(f"{wrong} of {streams} answers are not whole")
    grown = (figures.pop("rss_bytes") - before) / streams
    return {
        "target": target.name,
        "streams": streams,
        "opened_in_s": round(opened_s, 1),
        "memory_kib_per_stream": round(grown / 1024, 1),
        **figures,
    }


async def watch(target: Target, connections: Connections, *, seconds: float) -> dict[str, float]:
    """The most that was seen of memory (bytes) and of database connections, and how a probe was answered meanwhile."""
    cpu_before, rss, open_most, busy_most = cpu_seconds(target.service), 0, 0, 0
    with Probe(target.service.url + target.service.health) as probe:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            opened, busy = connections()
            rss, open_most, busy_most = max(rss, target.rss_bytes), max(open_most, opened), max(busy_most, busy)
            await asyncio.sleep(SAMPLE_SECONDS)
    return {
        "rss_bytes": rss,
        "cpu_percent": round((cpu_seconds(target.service) - cpu_before) / seconds * 100, 1),
        "connections_most": open_most,
        "in_transaction_most": busy_most,
        **probe.figures,
    }


@contextmanager
def relay_service(app: str, folder: Path, *, worker_url: str) -> Iterator[Service]:
    """A relay under the same server as the gateway."""
    port = free_port()
    variables = {relay.WORKER_URL: f"{worker_url}/chatbot/stream", relay.SECRET: SECRET}
    service = Service(
        name=app,
        command=[sys.executable, "-m", "uvicorn", f"bench.{app}:app", "--port", str(port), "--no-access-log"],
        url=f"http://127.0.0.1:{port}",
        health="/",
        env=clean_environment(folder, variables),
        log=folder / f"{app}.log",
    )
    service.start()
    yield service
    service.end()


def measured(database: str, *, streams: int, seconds: float, relays: Sequence[str] = ()) -> Iterator[dict[str, object]]:
    """A gateway on `database`, and then the relays in front of the same worker."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        url = running.enter_context(running_postgres()).url if database == "postgres" else ""
        stack = running.enter_context(running_stack(folder, worker=MANY, gateway=KEEP, database_url=url))
        # /health/live is what an orchestrator asks whether the process is to be killed.
        gateway = Target(f"gateway, {database}", replace(stack.gateway, health="/health/live"), "/api/chat/stream/")
        connections = (
            running.enter_context(postgres_connections(url))
            if url
            else sqlite_connections(stack.gateway.pid, folder / "lamla.sqlite3")
        )
        yield asyncio.run(measure(gateway, connections, streams=streams, seconds=seconds))
        for app in relays:
            with relay_service(app, folder, worker_url=stack.worker.url) as service:
                bare = Target(app, service, "/")
                yield asyncio.run(measure(bare, lambda: (0, 0), streams=streams, seconds=seconds))


def main() -> None:
    """Print one JSON line per target; figures to read, never a test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60, help="for which all are held together")
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgres"], choices=["sqlite", "postgres"])
    options = parser.parse_args()
    for number, database in enumerate(options.databases):
        relays = () if number else ("relay", "django_relay")  # they know no database
        for figures in measured(database, streams=options.streams, seconds=options.seconds, relays=relays):
            print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
