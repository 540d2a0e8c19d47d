"""What became of a document: all that its gateway stored of it, and what it may have left lying about."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from bench.ingest_database import IngestDatabase, Row

DOCUMENT = """
    SELECT state, problem, kind, media_type, size_bytes, sha256, page_count, pages_read, pages_ocr, pages_empty,
        pages_failed, pages_cut, character_count, language, notes, passage_count, passage_tokens, index_version,
        vector_count, claimed_by
    FROM documents_document WHERE id = ?
"""
PAGES = "SELECT number, label, text, state, method FROM documents_documentpage WHERE document_id = ? ORDER BY number"
PASSAGES = """
    SELECT number, page, start, "end", tokens, terms
    FROM documents_documentpassage WHERE document_id = ? ORDER BY number
"""
VECTORS = """
    SELECT passage.number, vector.model, vector.vector
    FROM documents_passagevector AS vector JOIN documents_documentpassage AS passage ON passage.id = vector.passage_id
    WHERE vector.document_id = ? ORDER BY passage.number
"""
IS_DONE = "SELECT count(*) FROM documents_document WHERE id = ? AND claimed_by = '' AND index_version > 0 AND "
IS_DONE += "(state = 'failed' OR (state = 'ready' AND vector_count >= passage_count))"
# Of the only document that there is.
STAGE = "SELECT state, (SELECT count(*) FROM documents_documentpage), vector_count FROM documents_document"
PAGE_ROWS = "SELECT number, id FROM documents_documentpage"
TABLES = ("document", "documentpage", "documentpassage", "passagevector", "removedfile")


@dataclass(frozen=True)
class Evidence:
    """All that is stored of a document but what differs from one to the other: ids, times, names in the storage."""

    document: Sequence[Row]
    pages: Sequence[Row]
    passages: Sequence[Row]
    vectors: Sequence[Row]

    def differences(self, calm: "Evidence") -> list[str]:
        """From one that nothing disturbed, as sentences."""
        return [
            f"{each.name}: {_difference(getattr(self, each.name), getattr(calm, each.name))}"
            for each in fields(self)
            if getattr(self, each.name) != getattr(calm, each.name)
        ]


def evidence_of(database: IngestDatabase, document_id: str) -> Evidence:
    pk = database.id_of(document_id)
    return Evidence(*(_plain(database.rows(query, pk)) for query in (DOCUMENT, PAGES, PASSAGES, VECTORS)))


def is_done(database: IngestDatabase, document_id: str) -> bool:
    """Whether it is read, with all its vectors, and nobody works on it."""
    return bool(database.rows(IS_DONE, database.id_of(document_id))[0][0])


@dataclass(frozen=True)
class Stage:
    """How far the only document is: its state ("" before it is there), pages and vectors that are stored."""

    state: str
    pages: int
    vectors: int

    @classmethod
    def of(cls, database: IngestDatabase) -> "Stage":
        found = database.rows(STAGE)
        return cls(*found[0]) if found else cls("", 0, 0)


def page_rows(database: IngestDatabase) -> dict[int, int]:
    """The key of each stored page, by its number."""
    return dict(database.rows(PAGE_ROWS))


def left_over(database: IngestDatabase, files: Path, temporary: Path) -> list[str]:
    """What is still there once the only document is deleted, as sentences."""
    rows = [f"{count} rows of {table}" for table in TABLES if (count := database.count(f"documents_{table}"))]
    return rows + [f"file {path.name}" for path in (*files_in(files), *files_in(temporary))]


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _plain(rows: Sequence[Row]) -> Sequence[Row]:
    """With bytes in place of what Postgres gives for them, and JSON as text."""
    return [tuple(_value(value) for value in row) for row in rows]


def _value(value: object) -> object:
    if isinstance(value, memoryview):
        return bytes(value)
    return json.dumps(value) if isinstance(value, list | dict) else value


def _difference(found: Sequence[Row], calm: Sequence[Row]) -> str:
    if len(found) != len(calm):
        return f"{len(found)} rows in place of {len(calm)}"
    ours, theirs = next(pair for pair in zip(found, calm, strict=True) if pair[0] != pair[1])
    return f"{str(ours)[:200]} in place of {str(theirs)[:200]}"
