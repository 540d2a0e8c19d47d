"""Courses as records of an archive, and back. Called inside units of work."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints

from apps.accounts.models import User
from apps.core.records import Record, Time, place_of
from apps.core.text import CleanText
from apps.courses.models import NAME_MAX_CHARS, Course

COURSES_AT_ONCE = 200
FIELDS = ("id", "name", "exam_on", "created_at")


class CourseRecord(Record):
    """A file of `courses/`."""

    id: UUID
    name: Annotated[CleanText, StringConstraints(min_length=1, max_length=NAME_MAX_CHARS)]
    exam_on: date | None
    created_at: Time


def courses_export(*, user_id: UUID, exported: Collection[UUID]) -> Iterator[tuple[UUID, Iterator[tuple[str, Any]]]]:
    """Each course's id with the members of its record. Any: JSON."""
    of_user = Course.objects.filter(user_id=user_id).order_by("pk")
    after = UUID(int=0)
    while courses := list(of_user.filter(pk__gt=after)[:COURSES_AT_ONCE]):
        for course in courses:
            yield course.pk, iter([(name, getattr(course, name)) for name in FIELDS])
        after = courses[-1].pk


@dataclass(frozen=True)
class PreparedCourse:
    """As apps/archive/parts.py wants it."""

    record: CourseRecord
    rows: int = 1

    def store(self, *, user: User, ids: dict[str, dict[UUID, UUID]]) -> dict[str, int]:
        """One that the user has is left as it is."""
        pk, is_there = place_of(self.record.id, user_id=user.pk, rows=Course.objects.all())
        ids["courses"][self.record.id] = pk
        if is_there:
            return {}
        Course.objects.create(user=user, **{**self.record.model_dump(), "id": pk})
        return {"courses": 1}


def course_read(data: bytearray) -> PreparedCourse:
    """Raises: ValueError, of which pydantic.ValidationError is one."""
    return PreparedCourse(CourseRecord.read(data))
