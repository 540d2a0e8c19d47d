"""The library as a browser calls it."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.units_of_work import unit_of_work
from apps.courses.models import Course
from apps.documents.models import Document, DocumentPage, DocumentState
from apps.documents.selectors import document_list
from apps.documents.services import picturing
from apps.documents.tests.library import Person, a_person, a_row, stored_files, uploads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]
LIST_STATEMENTS_MAX = 4
PICTURE = b"\x89PNG"


class Browser:
    """One with a guest's session and a CSRF token."""

    def __init__(self, person: Person) -> None:
        self.client = AsyncClient()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = person.caller.session_key or ""

    async def get(self, path: str, **query: Any) -> Any:  # Any: of a query; an answer
        return await self.client.get(path, query)

    async def write(self, method: str, path: str, **options: Any) -> Any:  # Any: what a request takes; an answer
        token = (await self.client.get("/api/session/")).json()["csrf_token"]
        return await getattr(self.client, method)(path, headers={"X-CSRFToken": token}, **options)

    async def change(self, path: str, **body: Any) -> Any:  # Any: JSON; an answer
        return await self.write("patch", path, data=body, content_type="application/json")

    async def upload(self, *contents: bytes, **fields: str) -> Any:  # Any: an answer
        files = []
        for number, content in enumerate(contents):
            files.append(io.BytesIO(content))
            files[-1].name = f"file-{number}.txt"
        return await self.write("post", "/api/documents/", data={"file": files, **fields})


@pytest.fixture
def browser(person: Person) -> Browser:
    return Browser(person)


def a_read_row(person: Person, **columns: Any) -> Document:
    """With three pages. Any: columns."""
    document = a_row(person.user, kind="pdf", page_count=3, pages_read=3, **columns)
    DocumentPage.objects.bulk_create(
        DocumentPage(document=document, number=n, label=f"page {n}", text=f"Text {n}.", state="read")
        for n in range(1, 4)
    )
    return document


async def test_files_are_added_and_listed_newest_first(browser: Browser) -> None:
    answer = await browser.upload(b"first", b"second")
    assert answer.status_code == 201
    added = answer.json()["items"]
    assert [each["filename"] for each in added] == ["file-0.txt", "file-1.txt"]
    assert {each["state"] for each in added} == {"waiting"}
    assert added[0]["report"] == {"read": 0, "ocr": 0, "empty": 0, "failed": 0, "cut": 0}
    listed = (await browser.get("/api/documents/")).json()
    assert [each["id"] for each in listed["items"]] == [each["id"] for each in reversed(added)]
    assert listed["space"] == {"used_bytes": 11, "limit_bytes": settings.DOCUMENTS_MAX_BYTES_PER_GUEST}
    assert listed["next_cursor"] is None


async def test_a_list_comes_in_pages_and_by_course_and_name(browser: Browser, person: Person) -> None:
    course = await unit_of_work(Course.objects.create, user=person.user, name="Optics")
    now = timezone.now()
    for number in range(5):
        await unit_of_work(
            a_row,
            person.user,
            content=bytes([number]),
            filename=f"{number} Lamp.pdf",
            created_at=now - timedelta(seconds=number // 2),  # some at the same moment
            course=course if number == 3 else None,
        )
    seen, cursor = [], ""
    while cursor is not None:
        page = (await browser.get("/api/documents/", limit=2, cursor=cursor)).json()
        seen += [each["filename"][0] for each in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == list("01234")
    assert len(seen) == 5
    by_course = (await browser.get("/api/documents/", course_id=course.pk)).json()["items"]
    assert [(each["filename"], each["course_id"]) for each in by_course] == [("3 Lamp.pdf", str(course.pk))]
    assert len((await browser.get("/api/documents/", q="2 laMp")).json()["items"]) == 1
    assert (await browser.get("/api/documents/", cursor="x")).json()["code"] == "cursor_invalid"


def test_a_list_costs_few_statements(person: Person) -> None:
    for number in range(30):
        a_row(person.user, content=bytes([number]))
    with CaptureQueriesContext(connection) as asked:
        assert len(document_list(caller=person.caller).documents) == 30
    assert len(asked) <= LIST_STATEMENTS_MAX


async def test_nobody_has_an_empty_library() -> None:
    answer = (await AsyncClient().get("/api/documents/")).json()
    assert (answer["items"], answer["space"]["used_bytes"]) == ([], 0)
    assert (await AsyncClient().get("/api/documents/search/?q=light")).json() == {"items": []}
    assert (await AsyncClient().get("/api/courses/")).json() == {"items": []}


async def test_what_does_not_fit_is_a_problem(browser: Browser, settings: LazySettings) -> None:
    settings.DOCUMENTS_MAX_BYTES_PER_GUEST = 10
    answer = await browser.upload(b"12345", b"678901")
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["limit_bytes"]) == (413, "storage_full", 10)
    assert (await browser.get("/api/documents/")).json()["items"] == []
    assert stored_files() == []


async def test_what_is_still_arriving_is_seen_by_nobody(browser: Browser, person: Person) -> None:
    row = await unit_of_work(a_row, person.user, state=DocumentState.ARRIVING)
    assert (await browser.get("/api/documents/")).json()["items"] == []
    assert (await browser.get(f"/api/documents/{row.pk}/")).status_code == 404


async def test_a_document_is_renamed_and_given_to_a_course(browser: Browser, person: Person) -> None:
    row = await unit_of_work(a_row, person.user)
    course = await unit_of_work(Course.objects.create, user=person.user, name="Optics")
    path = f"/api/documents/{row.pk}/"
    changed = (await browser.change(path, filename="../../lamp.txt", course_id=str(course.pk))).json()
    assert (changed["filename"], changed["course_id"]) == ("lamp.txt", str(course.pk))
    changed = (await browser.change(path, course_id=None)).json()
    assert (changed["filename"], changed["course_id"]) == ("lamp.txt", None)
    for body in ({"filename": None}, {"filename": " "}, {"filename": "a\x00"}, {"kind": "pdf"}):
        assert (await browser.change(path, **body)).status_code == 422
    other = await unit_of_work(a_person)
    theirs = await unit_of_work(Course.objects.create, user=other.user, name="Theirs")
    assert (await browser.change(path, course_id=str(theirs.pk))).json()["code"] == "course_not_found"


async def test_pages_lead_to_those_beside_them(browser: Browser, person: Person) -> None:
    document = await unit_of_work(a_read_row, person, stored_as="documents/u/a")
    path = f"/api/documents/{document.pk}/pages"
    pages = [(await browser.get(f"{path}/{number}/")).json() for number in (1, 2, 3)]
    assert [(page["previous"], page["number"], page["next"]) for page in pages] == [
        (None, 1, 2),
        (1, 2, 3),
        (2, 3, None),
    ]
    assert (pages[1]["text"], pages[1]["label"], pages[1]["page_count"]) == ("Text 2.", "page 2", 3)
    assert pages[1]["has_image"] is True
    assert (await browser.get(f"{path}/4/")).json()["code"] == "page_not_found"
    assert (await browser.get(f"{path}/0/")).status_code == 422


async def test_a_file_is_downloaded_as_it_came_and_shown_by_no_browser(browser: Browser, person: Person) -> None:
    (document,) = await uploads(person, b"<script>alert(1)</script>")
    await unit_of_work(Document.objects.update, kind="html", media_type="text/html", filename="élan “x”.html")
    answer = await browser.get(f"/api/documents/{document.pk}/file/")
    assert b"".join([piece async for piece in answer.streaming_content]) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Length"] == "25"
    row = await unit_of_work(a_row, person.user)
    missing = await browser.get(f"/api/documents/{row.pk}/file/")
    assert (missing.status_code, missing.json()["code"]) == (404, "document_file_missing")


async def test_a_page_is_drawn_with_what_is_cited_on_it(
    browser: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    async def draw(**options: Any) -> bytes:  # Any: as of render_page
        asked.append({**options, "content": options["content"].read()})
        return PICTURE

    monkeypatch.setattr(picturing, "render_page", draw)
    (document,) = await uploads(person, b"%PDF-")
    await unit_of_work(Document.objects.update, kind="pdf", page_count=1)
    await unit_of_work(
        DocumentPage.objects.create, document=document, number=1, label="page 1", text="Light waves.", state="read"
    )
    path = f"/api/documents/{document.pk}/pages/1/image/"
    answer = await browser.get(path, start=6, end=11, width=300)
    assert (answer.content, answer["Content-Type"]) == (PICTURE, "image/png")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert asked == [{"content": b"%PDF-", "kind": "pdf", "page": 1, "quote": "waves", "width_px": 300}]
    await browser.get(path)
    assert asked[1]["quote"] is None
    assert (await browser.get(path, width=100_000)).status_code == 422
    await unit_of_work(Document.objects.update, kind="csv")
    assert (await browser.get(path)).json()["code"] == "no_picture"


async def test_a_deleted_document_is_gone(browser: Browser, person: Person) -> None:
    (document,) = await uploads(person, b"x")
    path = f"/api/documents/{document.pk}/"
    assert (await browser.write("delete", path)).status_code == 204
    assert (await browser.get(path)).status_code == 404
    assert stored_files() == []


async def test_a_course_counts_what_is_in_it(browser: Browser, person: Person) -> None:
    made = await browser.write(
        "post", "/api/courses/", data={"name": " Optics ", "exam_on": "2030-06-01"}, content_type="application/json"
    )
    assert made.status_code == 201
    course = made.json()
    assert (course["name"], course["exam_on"], course["documents"]) == ("Optics", "2030-06-01", 0)
    for number in range(3):
        await unit_of_work(a_row, person.user, content=bytes([number]), course_id=course["id"])
    path = f"/api/courses/{course['id']}/"
    assert (await browser.get(path)).json()["documents"] == 3
    changed = (await browser.change(path, exam_on=None)).json()
    assert (changed["name"], changed["exam_on"], changed["documents"]) == ("Optics", None, 3)
    assert (await browser.change(path, name="")).status_code == 422
    assert [each["documents"] for each in (await browser.get("/api/courses/")).json()["items"]] == [3]
    assert (await browser.write("delete", path)).status_code == 204
    listed = (await browser.get("/api/documents/")).json()["items"]
    assert [each["course_id"] for each in listed] == [None] * 3
    assert (await browser.get(f"/api/courses/{uuid4()}/")).json()["code"] == "course_not_found"
