"""Labelled questions on real documents, written by reading their pages and before any search was run on them.

Each names all pages that answer it, a quote that stands on the first of them, and its kind: "plain" shares words with
its page, "paraphrased" avoids those that tell it from others. Some have a true sentence that an answer might say
(`claim`) and a false one (`wrong`). The English and the French edition of a text are documents of their own: a page in
the other language counts as wrong.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

QUESTIONS = Path(__file__).resolve().parent / "questions"
Kind = Literal["plain", "paraphrased"]
Half = Literal["dev", "test"]


@dataclass(frozen=True)
class Question:
    text: str
    kind: Kind
    language: str  # of the question and of the document that it was written on
    document: str  # its file's name
    pages: frozenset[tuple[str, int]]  # (file's name, number)
    quote: str
    claim: str = ""
    wrong: str = ""

    @property
    def half(self) -> Half:
        """Weights and thresholds are chosen by the questions of "dev"; those of "test" only tell how good they are."""
        return "dev" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "test"


def questions() -> list[Question]:
    return [question for file in sorted(QUESTIONS.glob("*.toml")) for question in _of_file(file)]


def _of_file(file: Path) -> Iterator[Question]:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    for row in content["questions"]:
        yield Question(
            text=row["text"],
            kind=row["kind"],
            language=content["language"],
            document=content["document"],
            pages=frozenset(_pages(content["document"], row)),
            quote=row["quote"],
            claim=row.get("claim", ""),
            wrong=row.get("wrong", ""),
        )


def _pages(document: str, row: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Any: TOML."""
    for name, numbers in {document: row["pages"], **row.get("also", {})}.items():
        for number in numbers:
            yield name, number
