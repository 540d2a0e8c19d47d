"""What the durable log costs a gateway: CPU per streamed chat with it and without it, and how often it writes.

Run it with `make bench-log`: real processes on this machine alone, bounded, every token checked. A gateway with the log
and one without it answer at the same time behind the same worker, so that whatever else the machine does slows both.
The cost of deleting the frames afterwards is counted too.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.counting import Counter, postgres_writes, sqlite_writes
from bench.opened import Streams, Target, open_session
from bench.streams import cpu_seconds
from tests.postgres import running_postgres
from tests.stack import Service, gateway_service, migrate, running_stack
from tests.streams import tokens

MANY = {"LOCAL_LLM_CONCURRENCY": "4000"}
KEEP_SECONDS = 1.0
AFTERWARDS_SECONDS = KEEP_SECONDS + 12.0  # the frames are deleted by then: the gateway looks every 10 s
RATE_MAX = 50  # tokens per second of one stream: a fast model's
HELD_RATE = 5  # tokens per second: each commit has frames of nearly every stream
OPENING_AT_ONCE = 8  # the threads that begin them: more would only queue
OPENING_SECONDS, COUNTED_SECONDS = 60.0, 20.0


@dataclass(frozen=True)
class Load:
    """So many streams at once at each gateway, of so many tokens, each at `rate` tokens per second."""

    streams: int
    tokens: int
    rate: int

    async def run(self, gateways: Iterable[Service]) -> None:
        """The same at all of them together. Raises: RuntimeError when a token was lost or doubled."""
        prompt = f"[[tokens={self.tokens} rate={self.rate} first=0.05]]"
        async with open_session() as session:
            opened = [
                Streams(session, Target(gateway.name, gateway, "/api/chat/stream/"), at_once=OPENING_AT_ONCE)
                for gateway in gateways
            ]
            found = await asyncio.gather(*(streams.texts(prompt, count=self.streams) for streams in opened))
        if wrong := sum(text != tokens(self.tokens) for texts in found for text in texts):
            raise RuntimeError(f"{wrong} answers are not whole")


@contextmanager
def two_gateways(folder: Path) -> Iterator[dict[str, Service]]:
    """With the log and without it, each with a SQLite database of its own."""
    keep = {"GENERATION_LOG_KEEP_SECONDS": str(KEEP_SECONDS)}
    with running_stack(folder, worker=MANY, gateway=keep) as stack, ExitStack() as running:
        apart = folder / "without"
        apart.mkdir()
        settings = {**keep, "GENERATION_LOG": "off"}
        without = gateway_service(apart, worker_url=stack.worker.url, settings=settings, name="without")
        migrate(without)
        running.callback(without.end_if_started)
        without.start()
        yield {"on": stack.gateway, "off": without}


def measured_cost(gateways: Mapping[str, Service], load: Load) -> dict[str, tuple[float, float]]:
    """CPU seconds of each while the load streams, and in the AFTERWARDS_SECONDS that follow."""

    def spent() -> dict[str, float]:
        return {name: cpu_seconds(gateway) for name, gateway in gateways.items()}

    before = spent()
    asyncio.run(load.run(gateways.values()))
    streamed = spent()
    time.sleep(AFTERWARDS_SECONDS)
    after = spent()
    return {name: (streamed[name] - before[name], after[name] - streamed[name]) for name in gateways}


def compare(gateways: Mapping[str, Service], load: Load, *, repeats: int) -> dict[str, object]:
    """Medians of CPU per chat (ms), and of the ratio."""
    costs = [measured_cost(gateways, load) for _ in range(repeats)]
    # What a process without frames spends afterwards is an idle process's own.
    deleting = statistics.median(max(0.0, cost["on"][1] - cost["off"][1]) for cost in costs)
    streaming = {name: statistics.median(cost[name][0] for cost in costs) for name in gateways}
    ratios = [(cost["on"][0] + deleting) / cost["off"][0] for cost in costs]
    return {
        "streams_of_each": load.streams,
        "tokens": load.tokens,
        "tokens_per_s": load.rate,
        "log_on_ms_per_chat": round((streaming["on"] + deleting) / load.streams * 1000, 2),
        "of_it_deleting_ms": round(deleting / load.streams * 1000, 2),
        "log_off_ms_per_chat": round(streaming["off"] / load.streams * 1000, 2),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
    }


async def count_while_held(gateway: Service, streams: int, count: Counter) -> float:
    """Write transactions per second while `streams` answers are all being written. Raises: RuntimeError."""
    length = int((OPENING_SECONDS + COUNTED_SECONDS) * HELD_RATE)
    async with open_session() as session:
        held = Streams(session, Target(gateway.name, gateway, "/api/chat/stream/"), at_once=OPENING_AT_ONCE)
        reading = asyncio.create_task(held.texts(f"[[tokens={length} rate={HELD_RATE} first=0]]", count=streams))
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                await held.all_speak.wait()
            began, before = time.monotonic(), count()
            await asyncio.sleep(COUNTED_SECONDS)
            rate = (count() - before) / (time.monotonic() - began)
            texts = await reading
        finally:
            reading.cancel()
    if any(text != tokens(length) for text in texts):
        raise RuntimeError("an answer is not whole")
    return rate


def count_writes(database: str, sizes: list[int]) -> Iterator[dict[str, object]]:
    """The same for each number of streams, one gateway process on `database`."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        url = running.enter_context(running_postgres()).url if database == "postgres" else ""
        stack = running.enter_context(running_stack(folder, worker=MANY, database_url=url))
        for streams in sizes:
            with postgres_writes(url) if url else sqlite_writes(folder / "lamla.sqlite3") as count:
                rate = asyncio.run(count_while_held(stack.gateway, streams, count))
            yield {"database": database, "held": streams, "write_transactions_per_s": round(rate, 2)}


def main() -> None:
    """Print one JSON line per figure; to be read, never a test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, nargs="*", default=[50, 500], help="at each of the two gateways")
    parser.add_argument("--seconds", type=int, default=20, help="how long each stream is")
    parser.add_argument("--total-rate", type=int, default=2500, help="tokens per second of all streams of a gateway")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--held", type=int, nargs="*", default=[50, 200, 500], help="streams while writes are counted")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, two_gateways(Path(folder)) as gateways:
        for streams in options.streams:
            rate = min(RATE_MAX, options.total_rate // streams)
            load = Load(streams, rate * options.seconds, rate)
            print(json.dumps(compare(gateways, load, repeats=options.repeats)), flush=True)
    for database in ("sqlite", "postgres"):
        for figure in count_writes(database, options.held):
            print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
