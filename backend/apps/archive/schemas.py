"""Shapes of taking one's data along, bringing it, and deleting it."""

from ninja import Schema
from pydantic import ConfigDict, Field


class ImportOut(Schema):
    """How many were made; what was there already is not counted."""

    conversations: int
    messages: int
    documents: int
    courses: int
    files: int = Field(description="Documents that got their bytes.")


class AccountDeletion(Schema):
    model_config = ConfigDict(extra="forbid")

    confirm: str = Field(max_length=320, description="The account's e-mail; of a guest the word `delete`.")
