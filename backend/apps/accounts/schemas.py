from uuid import UUID

from ninja import Schema


class UserOut(Schema):
    id: UUID
    is_guest: bool


class Limits(Schema):
    """What this server takes: characters, bytes, files."""

    message_max_chars: int
    upload_max_bytes: int
    upload_max_files: int


class SessionOut(Schema):
    user: UserOut | None
    is_guest: bool
    csrf_token: str
    limits: Limits
