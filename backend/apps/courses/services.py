"""Writes; synchronous, called inside units of work."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.identity import identity_ensure, user_lock, user_of
from apps.core.access import Caller
from apps.core.errors import Conflict
from apps.courses.models import Course
from apps.courses.schemas import CourseIn, CoursePatch
from apps.courses.selectors import access_course, course_get

PER_USER_MAX = 200


@dataclass(frozen=True)
class Made:
    """A new course, and its user's session, of a guest that may be new."""

    course: Course
    session_key: str


@transaction.atomic
def course_create(*, caller: Caller, body: CourseIn) -> Made:
    """Raises: Unauthorized, Forbidden; Conflict when there are too many."""
    identity = identity_ensure(caller=caller)
    user_lock(identity.user.pk)
    if Course.objects.filter(user=identity.user).count() >= PER_USER_MAX:
        raise Conflict(
            f"There are {PER_USER_MAX} courses already. Delete one that is not needed.", code="too_many_courses"
        )
    course = Course.objects.create(user=identity.user, name=body.name, exam_on=body.exam_on)
    return Made(course, identity.session_key)


@transaction.atomic
def course_update(*, caller: Caller, course_id: UUID, patch: CoursePatch) -> Course:
    """Set what the patch names. Raises: NotFound."""
    course = access_course(user=user_of(caller=caller), course_id=course_id)
    if changes := patch.model_dump(exclude_unset=True):
        Course.objects.filter(pk=course.pk).update(**changes)
    return course_get(caller=caller, course_id=course_id)


@transaction.atomic
def course_delete(*, caller: Caller, course_id: UUID) -> None:
    """Its files and conversations stay, and belong to no course then. Raises: NotFound."""
    course = access_course(user=user_of(caller=caller), course_id=course_id)
    user_lock(course.user_id)
    course.delete()


def courses_absorb(guest: User, user: User) -> None:
    """Move a guest's courses to the user. Two of the same name stay two: they may be two."""
    Course.objects.filter(user=guest).update(user=user)
