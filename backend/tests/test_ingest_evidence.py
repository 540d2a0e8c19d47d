"""What the kill run of ingest compares: it must find what it looks for."""

from dataclasses import replace

import pytest

from bench.reading_children import Children
from chaos.ingest import read_again
from chaos.ingest_evidence import Evidence, Stage

CALM = Evidence(
    document=[("ready", 2, 0)],
    pages=[(1, "page 1", "Light is a wave.", "read", "text"), (2, "page 2", "And a particle.", "read", "text")],
    passages=[(1, 1, 0, 16, 30, "light wave"), (2, 2, 0, 15, 30, "particl")],
    vectors=[(1, "small", b"\0\1"), (2, "small", b"\2\3")],
)


def test_the_same_has_no_differences() -> None:
    assert replace(CALM).differences(CALM) == []


@pytest.mark.parametrize("part", ["document", "pages", "passages", "vectors"])
def test_a_row_that_is_missing_or_other_is_told(part: str) -> None:
    rows = list(getattr(CALM, part))
    missing = replace(CALM, **{part: rows[:-1]}).differences(CALM)
    assert missing == [f"{part}: {len(rows) - 1} rows in place of {len(rows)}"]
    (other,) = replace(CALM, **{part: [*rows[:-1], (*rows[-1][:-1], "other")]}).differences(CALM)
    assert other.startswith(f"{part}: ")
    assert "'other'" in other


def children(*first_pages: int) -> Children:
    return Children(0, known=(), first_pages=dict(enumerate(first_pages)))


def test_a_page_that_is_read_again_is_told() -> None:
    reading = Stage("reading", pages=7, vectors=0)
    assert read_again(reading, children(8), "gateway") == []
    assert read_again(reading, children(8, 7), "gateway") == ["pages from 7 were read again"]
    assert read_again(reading, children(), "gateway") == ["no child was seen to go on"]
    ready = Stage("ready", pages=9, vectors=4)
    assert read_again(ready, children(), "gateway") == []
    assert read_again(ready, children(10), "gateway") == ["a document that was read was read again"]
