"""Reads; synchronous, called inside units of work."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.accounts.services.identity import user_of
from apps.core.access import Caller
from apps.core.errors import NotFound
from apps.courses.models import Course


def courses_of(user: User | None) -> QuerySet[Course]:
    """The user's own; nobody has none."""
    return Course.objects.filter(user=user) if user else Course.objects.none()


def access_course(*, user: User | None, course_id: UUID) -> Course:
    """Raises: NotFound, also for somebody else's."""
    found = courses_of(user).filter(pk=course_id).first()
    if found is None:
        raise NotFound("This course does not exist, or it is not yours.", code="course_not_found")
    return found


def course_list(*, caller: Caller) -> Sequence[Course]:
    """All of the caller's, newest first, each with `document_count` and `conversation_count`."""
    return list(counted(courses_of(user_of(caller=caller))).order_by("-created_at", "-id"))


def course_get(*, caller: Caller, course_id: UUID) -> Course:
    """The same, of one. Raises: NotFound."""
    access = access_course(user=user_of(caller=caller), course_id=course_id)
    return counted(Course.objects.filter(pk=access.pk)).get()


def counted(courses: QuerySet[Course]) -> QuerySet[Course]:
    """With how much belongs to each: by subqueries, since two joins would multiply each other."""
    present = Q(conversations__deleted_at=None)
    return courses.annotate(document_count=_count("documents"), conversation_count=_count("conversations", present))


def _count(name: str, condition: Q | None = None) -> Coalesce:
    rows = Course.objects.filter(pk=OuterRef("pk")).order_by().annotate(n=Count(name, filter=condition))
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)
