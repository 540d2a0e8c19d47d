"""People with things of their own, and archives as a program reads them."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.identity import identity_ensure
from apps.archive.services.exporting import archive_pieces
from apps.archive.services.importing import Restored, archive_restore
from apps.chat.models import Conversation, Feedback, Message
from apps.core.access import Caller
from apps.courses.models import Course
from apps.documents.models import Document, DocumentPage
from apps.documents.storage import bytes_keep, new_name

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True)
class Guest:
    user: User
    caller: Caller


def a_guest() -> Guest:
    with transaction.atomic():
        identity = identity_ensure(caller=Caller(session_key=None, request_id="r"))
    return Guest(identity.user, Caller(session_key=identity.session_key, request_id="r"))


def a_course(user: User, name: str = "Biology") -> Course:
    return Course.objects.create(user=user, name=name, exam_on=date(2026, 7, 1))


def a_document(user: User, filename: str, *texts: str, content: bytes = b"", **columns: Any) -> Document:
    """Read, and with `content` of those bytes. Any: further columns."""
    stored_as = ""
    if content:
        sha256 = hashlib.sha256(content).hexdigest()
        stored_as = new_name(user_id=user.pk, sha256=sha256)
        bytes_keep(stored_as, io.BytesIO(content))
        columns = {"size_bytes": len(content), "sha256": sha256, **columns}
    pages_read = sum(bool(text) for text in texts)
    fields = {
        "media_type": "text/plain",
        "kind": "text",
        "size_bytes": 10,
        "sha256": (filename.encode().hex() + "0" * 64)[:64],
        "stored_as": stored_as,
        "state": "ready",
        "page_count": len(texts),
        "pages_read": pages_read,
        "pages_empty": len(texts) - pages_read,
        "character_count": sum(map(len, texts)),
        "language": "en",
        "notes": ["A note."],
        **columns,
    }
    document = Document.objects.create(user=user, filename=filename, **fields)
    DocumentPage.objects.bulk_create(
        DocumentPage(
            document=document, number=number, label=f"page {number}", text=text, state="read" if text else "empty"
        )
        for number, text in enumerate(texts, 1)
    )
    return document


def a_conversation(
    user: User,
    parents: Sequence[int | None] = (None, 0),
    *,
    title: str = "A title",
    documents: Sequence[Document] = (),
    active: int | None = -1,
    messages: Mapping[int, Json] | None = None,
    **fields: Any,
) -> list[Message]:
    """A message for each entry, which names its parent by number; `messages` has columns of some. Any: columns."""
    conversation = Conversation.objects.create(user=user, title=title, updated_at=BEGAN, **fields)
    conversation.documents.add(*documents)
    planted: list[Message] = []
    for number, parent in enumerate(parents):
        above = None if parent is None else planted[parent]
        columns: Json = {"text": f"text {number}", "client_message_id": str(uuid4())}
        if above and above.role == "user":
            columns = {"text": f"text {number}", "provider": "fake", "model": "m", "output_tokens": 3}
        message = Message(
            conversation=conversation,
            user=user,
            parent=above,
            role="assistant" if above and above.role == "user" else "user",
            created_at=BEGAN + timedelta(seconds=number),
            **{**columns, **(messages or {}).get(number, {})},
        )
        message.save(force_insert=True)
        planted.append(message)
    leaf = planted[active] if planted and active is not None else None
    Conversation.objects.filter(pk=conversation.pk).update(active_leaf=leaf)
    return planted


def a_feedback(message: Message, *, comment: str = "Why?") -> Feedback:
    return Feedback.objects.create(
        user=message.user,
        target_kind="message",
        target_id=message.pk,
        message=message,
        rating="down",
        reason="wrong",
        comment=comment,
    )


def exported(user: User) -> bytes:
    return b"".join(archive_pieces(user=user))


def restored(guest: Guest, archive: bytes) -> Restored:
    return archive_restore(caller=guest.caller, file=io.BytesIO(archive))


def entries(archive: bytes) -> dict[str, Any]:
    """By path, but for the bytes of files. Any: JSON."""
    with ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        names = [name for name in opened.namelist() if not name.startswith("files/")]
        return {name: json.loads(opened.read(name)) for name in names}


def files_in(archive: bytes) -> dict[str, bytes]:
    """The bytes of files, by SHA-256."""
    with ZipFile(io.BytesIO(archive)) as opened:
        return {
            name.removeprefix("files/"): opened.read(name) for name in opened.namelist() if name.startswith("files/")
        }


def packed(files: Mapping[str, Any], *, compression: int = ZIP_DEFLATED) -> bytes:
    """A ZIP of these; what is no bytes is written as JSON. Any: JSON."""
    kept = io.BytesIO()
    with ZipFile(kept, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return kept.getvalue()


def records(archive: bytes) -> dict[str, Any]:
    """What is read back: all but what tells of the account and of the archive itself. Any: JSON."""
    return {path: record for path, record in entries(archive).items() if "/" in path}


def names_of(found: Mapping[str, Any]) -> dict[str, str]:
    """For each id a name that does not depend on it: filename, title, or the place in the conversation."""
    names: dict[str, str] = {}
    for record in found.values():
        name = record.get("filename") or record.get("title") or record["name"]
        names[record["id"]] = name
        for number, message in enumerate(record.get("messages", ())):
            names[message["id"]] = f"{name}/{number}"
    return names


def without_ids(found: Mapping[str, Any], names: Mapping[str, str]) -> list[Any]:
    """The records with names in the place of ids, in the order of the names. Any: JSON."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [renamed(each) for each in value]
        return names.get(value, value) if isinstance(value, str) else value

    told = [renamed(record) for record in found.values()]
    for record in told:
        record.get("document_ids", []).sort()
    return sorted(told, key=lambda record: str(record["id"]))
