"""What the records of an archive have in common, whatever they are of."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID, uuid4, uuid5

from django.db.models import QuerySet
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import from_json

MEMBERS_MAX = 50  # of an object, known or not
# Within what every database can hold, whatever the offset from UTC.
Time = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC))]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Record(BaseModel):
    """An object of an archive."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def read(cls, data: bytearray) -> Self:
        """Parsed once and then validated: each error of `model_validate_json` would hold a copy of what it is about.

        Raises: ValueError, of which pydantic.ValidationError is one.
        """
        return cls.model_validate(from_json(data))

    @model_validator(mode="before")
    @classmethod
    def _check_members(cls, value: Any) -> Any:
        """An error for each unknown member may be too many. Any: JSON."""
        if isinstance(value, dict) and len(value) > MEMBERS_MAX:
            raise ValueError("It has more members than there are.")
        return value


def place_of(name: UUID, *, user_id: UUID, rows: "QuerySet[Any]") -> tuple[UUID, bool]:
    """The id under which a user has, or gets, the row that an archive calls `name`; and whether it is there already.

    Its own id, unless that is somebody else's: then one that follows from it and the user, so that the same archive
    finds it again. Any: rows of any model with a `user`.
    """
    names = [name, uuid5(user_id, str(name))]
    owners: dict[UUID, UUID] = dict(rows.filter(pk__in=names).values_list("pk", "user_id"))
    for candidate in names:
        if owners.get(candidate) == user_id:
            return candidate, True
    return next((candidate for candidate in names if candidate not in owners), uuid4()), False
