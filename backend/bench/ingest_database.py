"""What a gateway's database has of documents, read past the gateway."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

READ_WAIT_SECONDS = 5.0
# Any: a row of the database.
Row = tuple[Any, ...]


@dataclass(frozen=True)
class IngestDatabase:
    """`url` of a Postgres, or `file` of a SQLite."""

    url: str = ""
    file: Path | None = None

    def count(self, table: str) -> int:
        """Of all rows."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  names of ours

    def vectors(self) -> int:
        return self.count("documents_passagevector")

    def size_bytes(self) -> int:
        """Of a SQLite after its log is written back."""
        if not self.file:
            return int(self.rows("SELECT pg_database_size(current_database())")[0][0])
        with closing(sqlite3.connect(self.file, timeout=READ_WAIT_SECONDS)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.file.stat().st_size

    def id_of(self, pk: str) -> str:
        """A UUID as it stands in a row: SQLite keeps 32 hex digits."""
        return UUID(pk).hex if self.file else pk

    def rows(self, query: str, *values: str) -> Sequence[Row]:
        """Placeholders are `?`."""
        if self.file:
            address = f"{self.file.as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=READ_WAIT_SECONDS)) as reading:
                return reading.execute(query, values).fetchall()
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.replace("?", "%s").encode(), values).fetchall()
