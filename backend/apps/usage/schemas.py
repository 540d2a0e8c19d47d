from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field


class TokensOut(Schema):
    """Of today (UTC): `reserved` is what running answers may use at most. The local model's tokens do not count."""

    used: int
    reserved: int
    limit: int | None
    resets_at: datetime


class StreamsOut(Schema):
    running: int
    limit: int | None


class UsageOut(Schema):
    tokens: TokensOut
    streams: StreamsOut
    user_class: Literal["guest", "user"] = Field(serialization_alias="class")
