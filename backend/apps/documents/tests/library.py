"""People with files of their own, for tests of the library."""

import asyncio
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.identity import identity_ensure
from apps.core.access import Caller
from apps.core.units_of_work import unit_of_work
from apps.documents.models import Document, DocumentPage, DocumentPassage, DocumentState, PageState
from apps.documents.passages.cutting import SourcePage, passages_of
from apps.documents.passages.terms import terms_of_text
from apps.documents.services.leasing import Claim, waiting_claim
from apps.documents.services.storing import Added, document_add

LONG_S = 20.0


@dataclass(frozen=True)
class Person:
    user: User
    caller: Caller


def a_person() -> Person:
    """A guest."""
    with transaction.atomic():
        identity = identity_ensure(caller=Caller(session_key=None, request_id="r"))
    return Person(identity.user, Caller(session_key=identity.session_key, request_id="r"))


async def uploaded(person: Person, content: bytes = b"Light is a wave.", *, filename: str = "light.txt") -> Added:
    return await document_add(
        caller=person.caller, filename=filename, media_type="text/plain", content=io.BytesIO(content)
    )


async def uploads(person: Person, *contents: bytes) -> list[Document]:
    """Documents that wait to be read, in this order."""
    added = [await uploaded(person, content) for content in contents]
    return [await unit_of_work(Document.objects.get, pk=one.document_id) for one in added]


async def until(holds: Callable[[], Any], *, within_s: float = LONG_S) -> None:
    """Wait until a question to the database is answered by yes; Any: true or false. Raises: TimeoutError."""
    async with asyncio.timeout(within_s):
        while not await unit_of_work(holds):  # noqa: ASYNC110  other tasks set no event of ours
            await asyncio.sleep(0.01)


def stored_files() -> list[str]:
    """The names of all that lies in the storage."""
    return sorted(_below("documents"))


def _below(folder: str) -> list[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    found = [f"{folder}/{name}" for name in files]
    for each in folders:
        found += _below(f"{folder}/{each}")
    return found


def a_row(user: User, *, content: bytes = b"", **columns: object) -> Document:
    """A document without bytes, that is read; `columns` as given."""
    fields: dict[str, object] = {
        "filename": "light.txt",
        "media_type": "text/plain",
        "kind": "text",
        "state": DocumentState.READY,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **columns,
    }
    return Document.objects.create(user=user, **fields)


def stored(user: User, texts: list[str], *, filename: str = "course.pdf", language: str = "en") -> Document:
    """A document that was read, with its pages and passages."""
    document = a_row(user, content=repr(texts).encode(), filename=filename, language=language, kind="pdf")
    for number, text in enumerate(texts, 1):
        label = f"page {number}"
        DocumentPage.objects.create(document=document, number=number, label=label, text=text, state=PageState.READ)
        for each in passages_of([SourcePage(document.pk, filename, number, label, text)]):
            document.passage_count += 1
            tokens = len(each.text) // 3 + 30
            document.passage_tokens += tokens
            DocumentPassage.objects.create(
                document=document,
                page=number,
                number=document.passage_count,
                start=each.start,
                end=each.end,
                tokens=tokens,
                terms=terms_of_text(each.text, language),
            )
    document.page_count = len(texts)
    document.save()
    return document


async def run(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """As a unit of work. Any: of whatever function."""
    return await unit_of_work(function, *args, **kwargs)


async def the(document: Document) -> Document:
    found: Document = await run(Document.objects.get, pk=document.pk)
    return found


async def claimed(owner: str, room: int = 1) -> list[Claim]:
    found: list[Claim] = await run(waiting_claim, owner=owner, room=room)
    return found


async def pages_of(document: Document) -> list[tuple[Any, ...]]:
    """All that was stored of it; Any: columns."""
    pages = DocumentPage.objects.filter(document=document).order_by("number")
    passages = DocumentPassage.objects.filter(document=document).order_by("number")
    columns = await run(list, pages.values_list("number", "label", "text", "state", "method"))
    return [*columns, *await run(list, passages.values_list("number", "page", "start", "end", "tokens", "terms"))]
