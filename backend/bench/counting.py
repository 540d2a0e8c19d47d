"""How many write transactions a database has committed, asked without writing anything."""

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

Counter = Callable[[], int]
# The format of a write-ahead log: https://www.sqlite.org/fileformat2.html#walformat
WAL_HEADER = struct.Struct(">4s4xI4x8s8x")  # magic number, page size, salt
WAL_FRAME = struct.Struct(">4xI8s8x")  # size of the database after a commit, else 0; salt


@contextmanager
def sqlite_writes(database: Path) -> Iterator[Counter]:
    """Counts the commits in the write-ahead log, which a reader keeps from starting anew until the block is left."""
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield lambda: commits_of(database.with_name(f"{database.name}-wal").read_bytes())


def commits_of(wal: bytes) -> int:
    """The commits since the log was last started anew: a frame that ends one carries the database's new size."""
    if len(wal) < WAL_HEADER.size:
        return 0
    _, page_size, salt = WAL_HEADER.unpack_from(wal)
    commits = 0
    for offset in range(WAL_HEADER.size, len(wal) - WAL_FRAME.size - page_size + 1, WAL_FRAME.size + page_size):
        size_after, frame_salt = WAL_FRAME.unpack_from(wal, offset)
        if frame_salt != salt:
            break  # of an earlier round of the log
        commits += size_after > 0
    return commits


@contextmanager
def postgres_writes(url: str) -> Iterator[Counter]:
    """Counts the transaction ids given out: only a transaction that writes gets one."""
    with psycopg.connect(url, autocommit=True) as connection:

        def count() -> int:
            row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
            return int(row[0]) if row else 0

        yield count
