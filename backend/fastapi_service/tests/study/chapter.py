"""The test chapter, cut into one passage per section, and drafts out of its first sentences."""

from functools import cache
from pathlib import Path

from fastapi_service.study.items import Sources

CHAPTER = (Path(__file__).parent / "chapter.md").read_text(encoding="utf-8")


@cache
def passages() -> tuple[tuple[str, str], ...]:
    return tuple((f"section-{number}", f"## {text}") for number, text in enumerate(CHAPTER.split("\n## ")))


@cache
def sources() -> Sources:
    return Sources(passages())
