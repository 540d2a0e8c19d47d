"""What an archive consists of: the one list. An app that keeps something of its users adds its part here.

Functions rather than a class to inherit from, so that the apps below need not know of archives as files.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from apps.accounts.models import User
from apps.archive.account import account_export
from apps.archive.usage import usage_export
from apps.chat.archive_export import conversations_export
from apps.chat.archive_import import conversation_read
from apps.chat.services.indexing import conversations_index
from apps.courses.archive import course_read, courses_export
from apps.documents.archive import document_read, documents_export

# Of one JSON object, in order; a value that is an iterator is a list that comes in pages. Any: JSON.
Members = Iterator[tuple[str, Any]]


class Export(Protocol):
    """Gives one record after the other; each step reads at most a page, and holds nothing of the database when it ends.

    `exported` are the ids of what the parts before have given, which a record may refer to. None in place of an id:
    the part is a single record.
    """

    def __call__(self, *, user_id: UUID, exported: Collection[UUID]) -> Iterator[tuple[UUID | None, Members]]: ...


class Prepared(Protocol):
    """A record that was read and found good. Nothing is stored yet."""

    @property
    def rows(self) -> int:
        """How many rows it stands for, whether they are there already or not."""

    def store(self, *, user: User, ids: dict[str, dict[UUID, UUID]]) -> dict[str, int]:
        """Store it as the user's, under the caller's transaction; return how many rows of what that made.

        What the user has is left as it is. `ids` has for each part what leads from the archive's ids to ours: a record
        adds its own id to its part's, and what it refers to is looked up under the kind that it means.
        Raises: InvalidInput.
        """


class Restore(Protocol):
    """Reads one record, without the database. Raises: ValueError, of which pydantic.ValidationError is one."""

    def __call__(self, data: bytearray) -> Prepared: ...


@dataclass(frozen=True)
class ArchivePart:
    """`name` is that of its folder, or of its file; without `restore` it is told, and not read back.

    `finish` is called once, under the same transaction, with our ids of all that was restored.
    """

    name: str
    export: Export
    restore: Restore | None = None
    finish: Callable[[Collection[UUID]], None] | None = None


# In this order: a record may refer to those of the parts before. The bytes of files stand beside them, see exporting.
PARTS = (
    ArchivePart("account", account_export),
    ArchivePart("usage", usage_export),
    ArchivePart("courses", courses_export, course_read),
    ArchivePart("documents", documents_export, document_read),
    ArchivePart("conversations", conversations_export, conversation_read, conversations_index),
)
