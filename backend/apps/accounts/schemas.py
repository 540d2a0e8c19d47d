from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints


class UserOut(Schema):
    id: UUID
    is_guest: bool
    is_staff: bool
    email: str | None


class Limits(Schema):
    """What this server takes: characters, bytes, files."""

    message_max_chars: int
    upload_max_bytes: int
    upload_max_files: int


class SignInProvider(Schema):
    """Somebody through whom one can sign in."""

    id: str
    name: str


class SessionOut(Schema):
    user: UserOut | None
    is_guest: bool
    csrf_token: str
    limits: Limits
    signup: Literal["open", "invite", "closed"]
    providers: list[SignInProvider]


class TokenIn(Schema):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: Annotated[list[Literal["read", "chat"]], Field(min_length=1, max_length=2)]
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class TokenOut(Schema):
    id: UUID
    name: str
    scopes: list[Literal["read", "chat"]]
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    token: str  # shown this once


class TokenList(Schema):
    items: list[TokenOut]
