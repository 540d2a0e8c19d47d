"""The database is gone for a while: answers go on, are saved when it is back, and new prompts are told at once."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest

from tests.feeds import Feed
from tests.postgres import Postgres, running_postgres
from tests.stack import Stack, running_stack, wait_until
from tests.streams import DONE, Frame, chat, csrf, frames_of, metadata_of, text_of, tokens

pytestmark = pytest.mark.waits

TOLD_SECONDS = 7.0
PROBES = 20
PROBE_SECONDS = 1.0


class Asked:
    """An answer, read to its end by a thread."""

    def __init__(self, client: httpx.Client, message: str) -> None:
        self.client, self.frames = client, list[Frame]()
        self._thread = threading.Thread(target=self._read, args=[message], daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait_for_chars(1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.join(30)

    @property
    def text(self) -> str:
        return text_of(list(self.frames))

    def wait_for_chars(self, count: int) -> None:
        wait_until(lambda: len(self.text) >= count, what=f"{count} characters came", deadline_s=20)

    def saved(self) -> dict[str, Any]:
        """The answer as the server has it, waited for."""
        path = f"/api/conversations/{metadata_of(self.frames)['conversation_id']}/"
        wait_until(lambda: self.client.get(path).json()["generation"] is None, what="it is saved", deadline_s=20)
        return dict(self.client.get(path).json()["messages"][-1])

    def _read(self, message: str) -> None:
        with self.client.stream(
            "POST", "/api/chat/stream/", json={"message": message}, headers=csrf(self.client)
        ) as answer:
            for frame in frames_of(answer.iter_lines()):
                self.frames.append(frame)


def refusal(client: httpx.Client) -> httpx.Response:
    """A prompt that is told that the database is away."""
    began = time.monotonic()
    refused = client.post("/api/chat/", json={"message": "[[tokens=1]]"}, headers=csrf(client))
    assert refused.status_code == 503, refused.text
    assert refused.json()["code"] == "database_unavailable"
    assert refused.headers["retry-after"]
    assert time.monotonic() - began < TOLD_SECONDS
    return refused


def assert_lives(client: httpx.Client) -> None:
    """Whoever asks whether the process is to be killed is answered at once."""
    for _ in range(PROBES):
        began = time.monotonic()
        assert client.get("/health/live").status_code == 200
        assert time.monotonic() - began < PROBE_SECONDS


def assert_whole(asked: Asked, count: int) -> None:
    """What the reader saw to the end is what is saved."""
    saved = asked.saved()
    wait_until(lambda: asked.frames[-1] == DONE, what="its end came", deadline_s=20)
    assert asked.text == tokens(count)
    assert [frame.type for frame in asked.frames[-3:]] == ["finish-step", "finish", DONE.type]
    assert (saved["state"], saved["text"]) == ("complete", tokens(count))


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


def test_answers_go_on_without_postgres_and_are_saved_when_it_is_back(tmp_path: Path, postgres: Postgres) -> None:
    with running_stack(tmp_path, database_url=postgres.url) as stack:
        student, another = stack.client(), stack.client()
        for client in (student, another):
            chat(client, "[[tokens=1]]")
        with (
            Feed(student) as feed,
            Asked(student, "[[tokens=500 rate=40]]") as long,
            Asked(another, "[[tokens=40 rate=40]]") as short,
        ):
            postgres.stop()
            before = len(long.text)
            refusal(stack.client())
            assert_lives(student)
            long.wait_for_chars(before + 200)
            short.wait_for_chars(len(tokens(40)))
            refusal(another)
            assert short.frames[-1] != DONE  # its end is told when it is saved
            postgres.start()
            assert_whole(short, 40)
            assert_whole(long, 500)
            feed.frame("finished", generation_id=metadata_of(long.frames)["generation_id"], state="complete")
        assert text_of(chat(another, "[[tokens=3]]")) == tokens(3)


@contextmanager
def locked(stack: Stack) -> Iterator[None]:
    """Another process is writing: nobody else can until the block is left."""
    with closing(sqlite3.connect(stack.folder / "lamla.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("COMMIT")


def test_answers_go_on_while_sqlite_is_locked_and_are_saved_afterwards(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        student, another = stack.client(), stack.client()
        for client in (student, another):
            chat(client, "[[tokens=1]]")
        with Asked(student, "[[tokens=600 rate=40]]") as long, Asked(another, "[[tokens=40 rate=40]]") as short:
            with locked(stack):
                before = len(long.text)
                short.wait_for_chars(len(tokens(40)))
                assert_lives(student)
                assert student.get("/api/conversations/").status_code == 200  # reading goes on
                wait_until(lambda: "the database is away" in stack.gateway.log.read_text(), what="it is noticed")
                refusal(another)
                long.wait_for_chars(before + 400)
                assert short.frames[-1] != DONE
            assert_whole(short, 40)
            assert_whole(long, 600)
        assert text_of(chat(another, "[[tokens=3]]")) == tokens(3)
