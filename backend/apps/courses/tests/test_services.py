"""Courses of a user: how many, and whose they become."""

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.accounts.services.identity import identity_ensure
from apps.core.access import Caller
from apps.core.errors import Conflict, NotFound
from apps.courses import services
from apps.courses.models import Course
from apps.courses.schemas import CourseIn, CoursePatch
from apps.courses.selectors import course_list

pytestmark = pytest.mark.django_db(transaction=True)


def a_caller() -> Caller:
    with transaction.atomic():
        identity = identity_ensure(caller=Caller(session_key=None, request_id="r"))
    return Caller(session_key=identity.session_key, request_id="r")


def make(caller: Caller, name: str = "Optics") -> Course:
    return services.course_create(caller=caller, body=CourseIn(name=name)).course


def test_there_are_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PER_USER_MAX", 2)
    caller = a_caller()
    make(caller)
    make(caller)
    with pytest.raises(Conflict) as refused:
        make(caller)
    assert refused.value.code == "too_many_courses"
    make(a_caller())


@pytest.mark.parametrize(
    "ask",
    [
        lambda caller, pk: services.course_update(caller=caller, course_id=pk, patch=CoursePatch(name="Mine")),
        lambda caller, pk: services.course_delete(caller=caller, course_id=pk),
    ],
    ids=["change", "delete"],
)
def test_another_s_course_is_not_found(ask: Callable[..., object]) -> None:
    theirs = make(a_caller())
    with pytest.raises(NotFound):
        ask(a_caller(), theirs.pk)
    assert Course.objects.get().name == "Optics"


def test_a_guests_courses_become_those_of_who_signs_in() -> None:
    course = make(a_caller())
    user = User.objects.create_user(username="ada")
    guest_absorb(guest_id=course.user_id, user=user)
    assert Course.objects.get().user == user


def test_a_list_costs_the_same_however_many_there_are(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    caller = a_caller()
    for number in range(5):
        make(caller, f"Course {number}")
    with django_assert_num_queries(3):  # session, user, courses
        found = course_list(caller=caller)
    assert [course.name for course in found] == [f"Course {number}" for number in (4, 3, 2, 1, 0)]
