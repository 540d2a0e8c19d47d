"""What gateway and worker add to a stream: every token checked, delays against the fake provider's own clock.

Run it with `make bench`. Starts all three services on free ports, bounded in count and time. A token's delay is its
arrival at the client less the moment it was due at the provider; the client's own cost is in it.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import aiohttp

from tests.stack import Service, Stack, running_stack
from tests.streams import tokens


@dataclass
class Read:
    """One stream as its client saw it; arrivals are seconds since the epoch, one per token."""

    marker: str
    text: str
    arrivals: list[float]
    finished: bool


async def read_stream(session: aiohttp.ClientSession, url: str, *, count: int, rate: int) -> Read:
    """Ask for numbered tokens and note when each came."""
    read = Read(marker=uuid4().hex, text="", arrivals=[], finished=False)
    body = {"message": f"{read.marker} [[tokens={count} rate={rate} first=0.05]]"}
    async with session.post(f"{url}/api/chat/stream/", json=body) as answer:
        async for line in answer.content:
            if b'"text-delta"' in line:
                delta = json.loads(line.removeprefix(b"data: "))["delta"]
                read.text += delta
                read.arrivals += [time.time()] * delta.count(" ")
            elif b'"finish"' in line:
                read.finished = True
    return read


async def read_all(url: str, *, streams: int, count: int, rate: int) -> list[Read]:
    connector, jar = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, timeout=timeout) as session:
        return await asyncio.gather(*(read_stream(session, url, count=count, rate=rate) for _ in range(streams)))


def cpu_seconds(service: Service) -> float:
    """User and system time of a process (s)."""
    fields = Path(f"/proc/{service.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def delays_ms(reads: list[Read], stack: Stack, *, rate: int) -> list[float]:
    """The delay of each token of each stream, in milliseconds."""
    began = {entry["messages"][-1]["content"].split()[0]: entry["first_token_at"] for entry in stack.provider.log()}
    return [
        (arrival - began[read.marker] - number / rate) * 1000
        for read in reads
        for number, arrival in enumerate(read.arrivals)
    ]


def measure(stack: Stack, *, streams: int, count: int, rate: int) -> dict[str, float]:
    stack.provider.clear_log()
    before = cpu_seconds(stack.gateway) + cpu_seconds(stack.worker)
    reads = asyncio.run(read_all(stack.gateway.url, streams=streams, count=count, rate=rate))
    spent = cpu_seconds(stack.gateway) + cpu_seconds(stack.worker) - before
    delays = sorted(delays_ms(reads, stack, rate=rate))
    return {
        "streams": streams,
        "wrong": sum(read.text != tokens(count) or not read.finished for read in reads),
        "delay_p50_ms": round(statistics.median(delays), 1),
        "delay_p99_ms": round(delays[int(len(delays) * 0.99)], 1),
        "cpu_ms_per_chat": round(spent / streams * 1000, 1),
    }


def main() -> None:
    """Print one JSON line per number of streams."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 50, 200])
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--rate", type=int, default=50, help="tokens per second of each stream")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder)) as stack:
        for streams in options.streams:
            print(json.dumps(measure(stack, streams=streams, count=options.tokens, rate=options.rate)), flush=True)


if __name__ == "__main__":
    main()
