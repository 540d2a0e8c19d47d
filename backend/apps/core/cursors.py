"""Cursors of lists that are paged newest first: where the last row of a page stands, as opaque text."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from apps.core.errors import InvalidInput


def cursor_write(at: datetime, pk: UUID) -> str:
    return urlsafe_b64encode(f"{at.isoformat()} {pk}".encode()).decode()


def cursor_read(cursor: str) -> tuple[datetime, UUID]:
    """Raises: InvalidInput."""
    try:
        at, pk = urlsafe_b64decode(cursor).decode().split(" ")
        return datetime.fromisoformat(at), UUID(pk)
    except ValueError as error:
        raise InvalidInput("This cursor is none that this server gave.", code="cursor_invalid") from error
