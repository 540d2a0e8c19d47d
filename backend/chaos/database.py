"""The gateways' database as it is, read past them; and a lock on it, as a stuck writer would hold one."""

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from chaos.evidence import StoredGeneration, StoredMessage

READ_WAIT_SECONDS = 5.0
# Any: a row of the database.
Row = tuple[Any, ...]
# What a reading may fail with while a fault keeps the database away.
AWAY = (sqlite3.OperationalError, psycopg.Error)

OF_ROUND = "(SELECT conversation_id FROM chat_message WHERE client_message_id LIKE ?)"
MESSAGES = f"""
    SELECT id, conversation_id, parent_id, role, state, text, client_message_id, error
    FROM chat_message WHERE conversation_id IN {OF_ROUND} ORDER BY created_at
"""  # noqa: S608  constants
GENERATIONS = f"""
    SELECT id, conversation_id, state, epoch, owner
    FROM chat_generation WHERE conversation_id IN {OF_ROUND} ORDER BY created_at
"""  # noqa: S608
LIVE = """
    SELECT asked.client_message_id, generation.owner
    FROM chat_generation AS generation JOIN chat_message AS asked ON asked.id = generation.user_message_id
    WHERE generation.state IN ('pending', 'running') AND asked.client_message_id LIKE ?
"""
FRAMES = """
    SELECT logged.id, asked.client_message_id, logged.frames
    FROM chat_generationframe AS logged
    JOIN chat_generation AS generation ON generation.id = logged.generation_id
    JOIN chat_message AS asked ON asked.id = generation.user_message_id
    WHERE logged.id > ? AND asked.client_message_id LIKE ? ORDER BY logged.id
"""


@dataclass(frozen=True)
class Live:
    """A generation that runs or waits for a process, by its prompt's name."""

    prompt: str
    owner: str


@dataclass(frozen=True)
class Database:
    """`url` of a Postgres, or `file` of a SQLite."""

    url: str = ""
    file: Path | None = None

    def live(self, *, prefix: str) -> list[Live]:
        """Raises: one of AWAY."""
        return [Live(*row) for row in self._rows(LIVE, f"{prefix}%")]

    def frames(self, *, prefix: str, after: int) -> list[tuple[int, str, bytes]]:
        """Logged pieces with a row number above `after`: number, prompt's name, bytes. Raises: one of AWAY."""
        return [(number, name, bytes(frames)) for number, name, frames in self._rows(FRAMES, after, f"{prefix}%")]

    def messages(self, *, prefix: str) -> dict[str, list[StoredMessage]]:
        """All of the round's conversations, by conversation."""
        found: dict[str, list[StoredMessage]] = {}
        for pk, conversation, parent, role, state, text, client_id, error in self._rows(MESSAGES, f"{prefix}%"):
            code = str(_json(error).get("code", ""))
            message = StoredMessage(_id(pk), parent and _id(parent), role, state, text, client_id, code)
            found.setdefault(_id(conversation), []).append(message)
        return found

    def generations(self, *, prefix: str) -> dict[str, list[StoredGeneration]]:
        found: dict[str, list[StoredGeneration]] = {}
        for pk, conversation, state, epoch, owner in self._rows(GENERATIONS, f"{prefix}%"):
            found.setdefault(_id(conversation), []).append(StoredGeneration(_id(pk), state, epoch, owner))
        return found

    def owners(self) -> set[str]:
        """Who holds a lease."""
        return {str(owner) for (owner,) in self._rows("SELECT owner FROM chat_lease")}

    def hold_write_lock(self, *, seconds: float) -> None:
        """Of SQLite: nobody else can write meanwhile."""
        assert self.file
        with closing(sqlite3.connect(self.file, timeout=READ_WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            connection.execute("ROLLBACK")

    def _rows(self, query: str, *values: Any) -> Sequence[Row]:
        if self.file:
            address = f"{self.file.as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=READ_WAIT_SECONDS)) as reading:
                return reading.execute(query, values).fetchall()
        with psycopg.connect(self.url, connect_timeout=int(READ_WAIT_SECONDS)) as connection:
            return connection.execute(query.replace("?", "%s"), values).fetchall()


def _id(value: UUID | str) -> str:
    """SQLite keeps a UUID as 32 hex digits."""
    return str(value if isinstance(value, UUID) else UUID(value))


def _json(value: Any) -> dict[str, Any]:
    """A column of JSON: text in SQLite, read already by psycopg."""
    parsed = json.loads(value) if isinstance(value, str) else value
    return parsed if isinstance(parsed, dict) else {}
