"""A client that behaves as the page does: it asks once, and follows until it has the whole answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import aiohttp

from chaos.evidence import Glance, StoredMessage
from chaos.plan import PromptPlan, Reading
from chaos.screen import Shown
from tests.streams import Frame

PAUSE_SECONDS = 0.25
RETRY_AFTER_MAX_SECONDS = 1.0
# A stream says something every 15 s; longer silence is a dead connection.
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=25)
BROKEN = (aiohttp.ClientError, OSError, TimeoutError)
POLL_SECONDS = 0.02
AWAY = frozenset({502, 503, 504})


class Refused(Exception):
    """The gateway will not do it; the text is a code."""


@dataclass
class Student:
    """One browser session and its prompt. `struck` is set at the fault, `over` when it has ended."""

    plan: PromptPlan
    gateways: Sequence[str]
    struck: asyncio.Event
    over: asyncio.Event
    screens: list[Shown] = field(default_factory=list)
    glances: list[Glance] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)  # has a session
    _open: set[aiohttp.ClientResponse] = field(default_factory=set)
    _away_until: float = 0.0  # of the loop's clock

    async def __aenter__(self) -> Self:
        self.http = aiohttp.ClientSession(
            timeout=TIMEOUT,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # cookies of an address, as 127.0.0.1 is one
            connector=aiohttp.TCPConnector(limit=0),
        )
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.http.close()

    @property
    def conversation_id(self) -> str:
        return next((screen.conversation_id for screen in self.screens if screen.conversation_id), "")

    async def run(self) -> None:
        """Ask and read until every screen has its end; what went wrong for good stands there as its end."""
        first = Shown(who="who asked")
        self.screens.append(first)
        if not self.plan.in_the_fault:
            await asyncio.sleep(self.plan.starts_after_s)
        await self._begin_session()
        self.ready.set()
        if self.plan.in_the_fault:
            await self.struck.wait()
        async with asyncio.TaskGroup() as reading:
            reading.create_task(self._read(first))
            if self.plan.second_reader_at is not None:
                reading.create_task(self._read_beside(gateway=self.plan.second_reader_at))

    def vanish(self, *, away_s: float) -> None:
        """Cut all that is being read; the readers come back after a while."""
        self._away_until = asyncio.get_running_loop().time() + away_s
        for answer in list(self._open):
            answer.close()

    async def look(self, *, gateway: int) -> Glance | None:
        """The conversation at this moment; None when the gateway does not answer, or there is none yet."""
        if not self.conversation_id:
            return None
        try:
            detail = await self._conversation(gateway)
        except (*BROKEN, Refused):
            return None
        answers = [message for message in messages_of(detail) if message.role == "assistant"]
        glance = Glance(running=detail["generation"] is not None, answers=answers)
        self.glances.append(glance)
        return glance

    async def branch(self, *, gateway: int) -> tuple[list[StoredMessage], bool]:
        """The active branch, and whether an answer is said to be written. Raises: BROKEN, Refused."""
        detail = await self._conversation(gateway)
        return messages_of(detail), detail["generation"] is not None

    async def _begin_session(self) -> None:
        """The first call of a page: with a session, a prompt that is sent twice is known to be the same."""
        gateway = self.plan.gateway
        while True:
            try:
                async with self.http.get(self._url(gateway, "/api/session/")) as answer:
                    if answer.status == 200:
                        return
            except BROKEN:
                gateway += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def _read_beside(self, *, gateway: int) -> None:
        """A second tab, which opens once the first one knows the conversation."""
        second = Shown(who="a second reader")
        while not self.conversation_id:
            if self.screens[0].ended:
                return
            await asyncio.sleep(POLL_SECONDS)
        second.conversation_id = self.conversation_id
        self.screens.append(second)
        await self._read(second, gateway=gateway)

    async def _read(self, screen: Shown, *, gateway: int | None = None) -> None:
        """Ask or follow, again and again, until the screen has its end."""
        at = self.plan.gateway if gateway is None else gateway
        reader_id = str(uuid4())
        while not screen.ended:
            try:
                async with self._request(screen, gateway=at, reader_id=reader_id) as answer:
                    await self._take(answer, screen, gateway=at)
            except BROKEN:
                at += 1
            except Refused as refused:
                screen.ended = str(refused)
            if not screen.ended:
                await asyncio.sleep(max(PAUSE_SECONDS, self._away_until - asyncio.get_running_loop().time()))

    @asynccontextmanager
    async def _request(self, screen: Shown, *, gateway: int, reader_id: str) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"X-Reader-ID": reader_id}
        if screen.conversation_id:
            if self.plan.sends_last_event_id and screen.last_event_id:
                headers["Last-Event-ID"] = screen.last_event_id
            path = f"/api/chat/{screen.conversation_id}/stream/"
            asking = self.http.get(self._url(gateway, path), headers=headers)
        else:
            path = "/api/chat/" if self.plan.reading == Reading.WHOLE else "/api/chat/stream/"
            body = {"message": self.plan.message, "client_message_id": self.plan.name}
            asking = self.http.post(self._url(gateway, path), json=body, headers={**headers, **self._csrf()})
        async with asking as answer:
            self._open.add(answer)
            try:
                yield answer
            finally:
                self._open.discard(answer)

    async def _take(self, answer: aiohttp.ClientResponse, screen: Shown, *, gateway: int) -> None:
        """Raises: BROKEN, Refused."""
        if answer.status == 204:
            await self._show_conversation(screen, gateway=gateway)
        elif answer.status == 200 and answer.content_type == "text/event-stream":
            await self._take_stream(answer, screen)
        elif answer.status == 200:
            reply = await answer.json()
            screen.conversation_id = reply["conversation"]["id"]
            screen.show_saved(reply["assistant_message"]["text"])
        else:
            await self._take_problem(answer)

    async def _take_stream(self, answer: aiohttp.ClientResponse, screen: Shown) -> None:
        event_id = ""
        async for raw in answer.content:
            line = raw.decode().rstrip("\n")
            if line.startswith("id: "):
                event_id = line.removeprefix("id: ")
            elif line.startswith("data: "):
                data = line.removeprefix("data: ")
                screen.take(Frame("", {"type": data}) if data == "[DONE]" else Frame(event_id, json.loads(data)))
            if self._leaves_now(screen):
                await self._stay_away(answer)
                return

    def _leaves_now(self, screen: Shown) -> bool:
        leaves = self.plan.reading == Reading.LEAVES and screen is self.screens[0] and not self.over.is_set()
        return leaves and screen.tokens >= self.plan.leaves_at_token

    async def _stay_away(self, answer: aiohttp.ClientResponse) -> None:
        answer.close()
        await self.over.wait()
        await asyncio.sleep(self.plan.returns_after_s)

    async def _take_problem(self, answer: aiohttp.ClientResponse) -> None:
        """Wait when it says so. Raises: Refused with the status and the code."""
        if answer.status in AWAY and "Retry-After" in answer.headers:
            await asyncio.sleep(min(float(answer.headers["Retry-After"]), RETRY_AFTER_MAX_SECONDS))
            return
        problem = await answer.json(content_type=None)
        raise Refused(f"{answer.status} {problem.get('code')}")

    async def _show_conversation(self, screen: Shown, *, gateway: int) -> None:
        """Nothing to follow: the answer is saved, or waits for a process to go on with it."""
        detail = await self._conversation(gateway)
        answers = [message for message in messages_of(detail) if message.role == "assistant"]
        if detail["generation"] is None and answers:
            failed = answers[-1].state != "complete"
            screen.show_saved(answers[-1].text)
            screen.ended = answers[-1].error_code or answers[-1].state if failed else screen.ended

    async def _conversation(self, gateway: int) -> dict[str, Any]:
        """Raises: BROKEN, Refused. Any: JSON."""
        path = f"/api/conversations/{self.conversation_id}/"
        async with self.http.get(self._url(gateway, path)) as answer:
            if answer.status != 200:
                problem = await answer.json(content_type=None)
                raise Refused(f"{answer.status} {problem.get('code')}")
            detail: dict[str, Any] = await answer.json()
            return detail

    def _url(self, gateway: int, path: str) -> str:
        return self.gateways[gateway % len(self.gateways)] + path

    def _csrf(self) -> dict[str, str]:
        tokens = [cookie.value for cookie in self.http.cookie_jar if cookie.key == "csrftoken"]
        return {"X-CSRFToken": tokens[0]} if tokens else {}


def messages_of(detail: dict[str, Any]) -> list[StoredMessage]:
    """Of a conversation as the API gives it; Any: JSON."""
    return [
        StoredMessage(
            id=message["id"],
            parent_id=message["parent_id"],
            role=message["role"],
            state=message["state"],
            text=message["text"],
            client_message_id=message["client_message_id"],
            error_code=(message["error"] or {}).get("code", ""),
        )
        for message in detail["messages"]
    ]
