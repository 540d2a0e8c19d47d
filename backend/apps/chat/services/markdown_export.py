"""A conversation as a Markdown file: the turns of its active branch, what they rest on in footnotes.

Each text stands as it is, as a quote of Markdown: a fence, a comment or a heading in it ends with it, so that nothing
that somebody writes can look like a turn, or swallow the next one.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.chat import selectors, tree
from apps.chat.citations import is_cited, markers_replaced
from apps.chat.models import Message, Role, State
from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.documents.extraction.filenames import clean_filename

MESSAGES_AT_ONCE = 50
NAME_MAX_CHARS = 60  # of the file
SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$^])")
IN_NO_NAME = re.compile(r'[/\\:*?"<>|\s]+')
Part = Mapping[str, Any]  # as in schemas.py


@dataclass(frozen=True)
class Opened:
    """What is to be exported; `order` are the messages of its branch."""

    conversation_id: UUID
    title: str
    created_at: datetime
    order: Sequence[UUID]

    @property
    def filename(self) -> str:
        return f"{_file_stem(self.title)}.md"


def export_open(*, caller: Caller, conversation_id: str) -> Opened:
    """A unit of work. Raises: NotFound."""
    found = selectors.access_conversation_of(caller=caller, conversation_id=conversation_id)
    order = tree.branch_ids(leaf_id=found.active_leaf_id)
    return Opened(found.pk, found.title, found.created_at, order)


async def markdown_stream(opened: Opened) -> AsyncIterator[bytes]:
    """The file, a page of messages at a time. What is deleted meanwhile is not in it."""
    dates = f"Of {_day(opened.created_at)}, exported from Lamla on {_day(datetime.now(UTC))}."
    yield f"# {_escaped(opened.title)}\n\n{dates}\n".encode()
    for start in range(0, len(opened.order), MESSAGES_AT_ONCE):
        page = await unit_of_work(_page, opened, opened.order[start : start + MESSAGES_AT_ONCE])
        if page:
            yield page


def _page(opened: Opened, ids: Sequence[UUID]) -> bytes:
    rows = Message.objects.filter(conversation=opened.conversation_id, conversation__deleted_at=None).in_bulk(ids)
    return "".join(line + "\n" for pk in ids if pk in rows for line in _turn(rows[pk])).encode()


def _turn(message: Message) -> Iterator[str]:
    files = [_escaped(part["filename"]) for part in message.parts if part["type"] == "file"]
    notes = _Footnotes(message)
    yield f"\n## {' · '.join(_heading(message))}\n"
    text = notes.text.replace("\r\n", "\n").replace("\r", "\n")
    yield from (f"> {line}" if line else ">" for line in text.split("\n"))
    if files:
        yield f"\nFiles: {', '.join(files)}"
    if notes.beside:
        yield f"\nPassages beside it: {'; '.join(notes.beside)}"
    if notes.definitions:
        yield ""
    yield from notes.definitions


def _heading(message: Message) -> Iterator[str]:
    yield "You" if message.role == Role.USER else "Lamla"
    yield f"{message.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if message.model:
        yield _escaped(message.model)
    if message.state != State.COMPLETE:
        yield message.state


class _Footnotes:
    """Of an answer: its `text` with references in the place of its marks, and the `definitions` of those.

    `beside` are passages that it was shown with, but does not cite.
    """

    def __init__(self, message: Message) -> None:
        # A name that no text can know before it is written, so that none can define another's footnotes.
        self._name = message.pk.hex[:6]
        self._numbers: dict[str, int] = {}
        sources = [part for part in message.parts if part["type"] == "source"]
        self._cited = [part for part in sources if is_cited(part)]
        self.beside = list(dict.fromkeys(_place(part) for part in sources if not is_cited(part)))
        self.text = markers_replaced(message.text, self._reference) if self._cited else message.text

    def _reference(self, k: int) -> str | None:
        """Marks that rest on the same have the same number."""
        if k >= len(self._cited):
            return None
        told = _told(self._cited[k])
        return f"[^{self._name}-{self._numbers.setdefault(told, len(self._numbers) + 1)}]"

    @property
    def definitions(self) -> list[str]:
        return [f"[^{self._name}-{number}]: {told}" for told, number in self._numbers.items()]


def _told(source: Part) -> str:
    if not source["filename"]:
        return "There is no such passage."
    quote = f"{_place(source)}: “{_escaped(source['quote'])}”"
    return quote if source.get("verified", True) else f"{quote} (not verified: this does not bear the claim)"


def _place(source: Part) -> str:
    return f"{_escaped(source['filename'])}, {_escaped(source['label'])}"


def _escaped(text: str) -> str:
    """On one line, and read as it is written."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _file_stem(title: str) -> str:
    """Without what a file system or a header does not take."""
    stem = IN_NO_NAME.sub(" ", title)[:NAME_MAX_CHARS].strip(" .")
    return clean_filename(stem or "conversation")
