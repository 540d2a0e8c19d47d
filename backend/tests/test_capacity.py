"""Many streams at once: none lost, and none of them holds a thread or a connection of the database."""

import asyncio
from pathlib import Path

import aiohttp
import httpx

from tests.stack import Stack
from tests.streams import csrf, frames_of, text_of, tokens

THREADS_BESIDE_THE_POOL = 12  # uvloop, the default executor, multipart
POOL = 8 + 1  # for requests, and for the log


async def ask(session: aiohttp.ClientSession, url: str, message: str) -> str:
    async with session.post(f"{url}/api/chat/stream/", json={"message": message}) as answer:
        lines = (await answer.text()).split("\n")
    frames = list(frames_of(lines))
    assert frames[-1].type == "[DONE]"
    assert frames[-2].type == "finish", frames[-3:]
    return text_of(frames)


async def ask_all(url: str, count: int, message: str) -> list[str]:
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=120)
    jar = aiohttp.DummyCookieJar()  # each stream is a guest of its own
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as session:
        return await asyncio.gather(*(ask(session, url, message) for _ in range(count)))


def test_200_streams_at_once_lose_nothing(stack: Stack) -> None:
    answers = asyncio.run(ask_all(stack.gateway.url, 200, "[[tokens=100 rate=50]]"))
    assert answers == [tokens(100)] * 200


def open_database_files(pid: int) -> int:
    links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    return sum(str(link).endswith("lamla.sqlite3") for link in links)


def test_50_held_streams_hold_no_connection_and_no_thread(stack: Stack) -> None:
    status = Path(f"/proc/{stack.gateway.pid}/status")

    def threads() -> int:
        return int(next(line for line in status.read_text().splitlines() if line.startswith("Threads:")).split()[1])

    clients: list[httpx.Client] = []
    streams, held = [], []
    for _ in range(50):
        client = stack.client()
        clients.append(client)
        manager = client.stream("POST", "/api/chat/stream/", json={"message": "[[fault=stall at=1 first=0]]"})
        lines = frames_of(manager.__enter__().iter_lines())
        streams.append(manager)
        held.append(next(frame for frame in lines if frame.type == "text-delta"))
    assert len(held) == 50
    assert threads() <= POOL + THREADS_BESIDE_THE_POOL
    # The pool's threads keep theirs for the life of the process; the streams add none.
    assert open_database_files(stack.gateway.pid) <= POOL
    for client, manager in zip(clients, streams, strict=True):
        found = client.get("/api/conversations/").json()["items"][0]
        client.post(f"/api/chat/{found['id']}/stop/", headers=csrf(client))
        manager.__exit__(None, None, None)
