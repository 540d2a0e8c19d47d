"""Shapes of courses."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from apps.core.text import check_text
from apps.courses.models import NAME_MAX_CHARS, Course

CourseName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_MAX_CHARS),
    AfterValidator(check_text),
]


class CourseIn(Schema):
    model_config = ConfigDict(extra="forbid")

    name: CourseName
    exam_on: date | None = None


class CoursePatch(Schema):
    """What is to change; `exam_on: null` takes the date away."""

    model_config = ConfigDict(extra="forbid")

    name: CourseName | None = Field(default=None, description="Not null.")
    exam_on: date | None = None

    @model_validator(mode="after")
    def _check_name(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise ValueError("A course needs a name.")
        return self


class CourseOut(Schema):
    """A subject that groups files and conversations."""

    id: UUID
    name: str
    exam_on: date | None
    documents: int
    conversations: int
    created_at: datetime

    @classmethod
    def of(cls, course: Course) -> "CourseOut":
        """Of one that was read with its counts; a new one has nothing yet."""
        return cls(
            id=course.pk,
            name=course.name,
            exam_on=course.exam_on,
            documents=getattr(course, "document_count", 0),
            conversations=getattr(course, "conversation_count", 0),
            created_at=course.created_at,
        )


class CourseList(Schema):
    items: list[CourseOut]
