"""Courses: parse, ask a service, answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from apps.core.access import caller_of, remember_session
from apps.core.openapi import Problem
from apps.core.units_of_work import unit_of_work
from apps.courses import selectors, services
from apps.courses.schemas import CourseIn, CourseList, CourseOut, CoursePatch

router = Router(tags=["courses"])


@router.get("/courses/", response=CourseList)
async def list_courses(request: HttpRequest) -> CourseList:
    """The caller's courses, newest first."""
    found = await unit_of_work(selectors.course_list, caller=caller_of(request))
    return CourseList(items=[CourseOut.of(course) for course in found])


@router.post("/courses/", response={201: CourseOut, 409: Problem})
async def create_course(request: HttpRequest, body: CourseIn) -> Status[CourseOut]:
    """Make a course, to which files and conversations can be given."""
    made = await unit_of_work(services.course_create, caller=caller_of(request), body=body)
    remember_session(request, made.session_key)
    return Status(201, CourseOut.of(made.course))


@router.get("/courses/{course_id}/", response={200: CourseOut, 404: Problem})
async def get_course(request: HttpRequest, course_id: UUID) -> CourseOut:
    """A course, and how much belongs to it."""
    return CourseOut.of(await unit_of_work(selectors.course_get, caller=caller_of(request), course_id=course_id))


@router.patch("/courses/{course_id}/", response={200: CourseOut, 404: Problem})
async def patch_course(request: HttpRequest, course_id: UUID, body: CoursePatch) -> CourseOut:
    """Rename it, or set the date of its exam."""
    changed = await unit_of_work(services.course_update, caller=caller_of(request), course_id=course_id, patch=body)
    return CourseOut.of(changed)


@router.delete("/courses/{course_id}/", response={204: None, 404: Problem})
async def delete_course(request: HttpRequest, course_id: UUID) -> HttpResponse:
    """Delete it; its files and conversations stay, without a course."""
    await unit_of_work(services.course_delete, caller=caller_of(request), course_id=course_id)
    return HttpResponse(status=204)
