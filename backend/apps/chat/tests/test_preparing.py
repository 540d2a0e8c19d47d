"""What a prompt waits for, what it is asked about, and what model and student are told of its files."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from apps.chat.models import Conversation
from apps.chat.notices import Notice
from apps.chat.prompts import BuiltPrompt
from apps.chat.services import preparing
from apps.chat.services.preparing import prompt_prepare
from apps.chat.services.prompting import prompt_gather, prompt_make
from apps.chat.services.starting import Started
from apps.chat.tests.asking import ask, asked_next, codes
from apps.core.async_client import Embeddings
from apps.core.errors import Unavailable
from apps.courses.models import Course
from apps.documents.models import Document, DocumentState
from apps.documents.services import progress
from apps.documents.tests.course import COURSE
from apps.documents.tests.library import Person, a_person, a_row, run, stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "POLL_SECONDS", 0.01)


async def prepared(
    started: Started, *, tell: Callable[[Notice], None] = lambda notice: None, budget_tokens: int = 8_000
) -> BuiltPrompt:
    return await prompt_prepare(
        user_message_id=started.user_message_id, budget_tokens=budget_tokens, request_id="r", unseen="x", tell=tell
    )


def being_read(person: Person, **columns: Any) -> Document:
    """A file of which one page was read; any: columns."""
    document = stored(person.user, ["Light is a wave."])
    fields = {"state": DocumentState.READING, "page_count": 4, "pages_read": 1, **columns}
    Document.objects.filter(pk=document.pk).update(**fields)
    return document


async def test_a_prompt_waits_for_its_files_and_tells_how_far_they_are(person: Person) -> None:
    document = await run(being_read, person)
    told: list[Notice] = []
    heard = asyncio.Event()

    def tell(notice: Notice) -> None:
        told.append(notice)
        heard.set()

    started = await run(ask, person, "What is light?", document)
    preparing_it = asyncio.create_task(prepared(started, tell=tell))
    await heard.wait()
    assert not preparing_it.done()
    await run(Document.objects.filter(pk=document.pk).update, state=DocumentState.READY, page_count=1)
    built = await preparing_it
    assert [(notice.code, notice.message) for notice in told] == [
        ("documents_reading", "The files are being read: 1 of 4 pages so far.")
    ]
    assert codes(built) == []
    assert "Light is a wave." in built.messages[-1]["content"]


async def test_a_prompt_that_has_waited_long_enough_goes_on_and_says_so(person: Person, settings: LazySettings) -> None:
    settings.DOCUMENT_WAIT_SECONDS = 0.05
    document = await run(being_read, person)
    built = await prepared(await run(ask, person, "What is light?", document))
    assert codes(built) == ["documents_unfinished"]
    assert "Light is a wave." in built.messages[-1]["content"]
    assert "| course.pdf: is still being read; only what was read so far is here." in built.messages[-1]["content"]


async def test_a_file_that_fails_after_the_prompt_began_is_told_to_student_and_model(person: Person) -> None:
    document = await run(being_read, person)
    problem = {"code": "document_encrypted", "detail": "“course.pdf” is protected by a password."}

    def tell(notice: Notice) -> None:
        failing.append(asyncio.create_task(run(_fail, document, problem)))

    failing: list[asyncio.Task[Any]] = []
    started = await run(ask, person, "What is light?", document)
    built = await prepared(started, tell=tell)
    await asyncio.gather(*failing)
    assert [(notice.code, notice.message) for notice in built.notices] == [("document_failed", problem["detail"])]
    assert "| course.pdf: could not be read." in built.messages[-1]["content"]
    # Once: later questions of the conversation need not hear of it again.
    assert codes(await prepared(await run(asked_next, person, started, "And?"))) == []


def _fail(document: Document, problem: dict[str, str]) -> None:
    document.pages.all().delete()
    document.passages.all().delete()
    Document.objects.filter(pk=document.pk).update(state=DocumentState.FAILED, problem=problem)


def test_a_prompt_in_a_course_is_asked_about_all_of_it_that_is_ready(person: Person) -> None:
    course, another = (Course.objects.create(user=person.user, name=name) for name in ("Optics", "Botany"))
    of_course = stored(person.user, ["Light is a wave."], filename="light.pdf")
    beside = stored(person.user, ["Leaves are green."], filename="leaves.pdf")
    own = stored(person.user, ["Sound is a wave as well."], filename="sound.pdf")
    unread = a_row(person.user, content=b"1", filename="unread.pdf", state=DocumentState.WAITING)
    theirs = stored(a_person().user, ["A secret."], filename="secret.pdf")
    for document, its in ((of_course, course), (beside, another), (unread, course), (theirs, course)):
        Document.objects.filter(pk=document.pk).update(course=its)
    started = ask(person, "What is a wave?", own, course_id=course.pk)
    assert Conversation.objects.get().course == course
    gathered = prompt_gather(user_message_id=started.user_message_id)
    assert gathered.documents == [own, of_course]
    assert gathered.unsettled == []
    built = prompt_make(gathered, query_vector=None, budget_tokens=8_000)
    assert "Light is a wave." in built.messages[-1]["content"]
    assert "Sound is a wave as well." in built.messages[-1]["content"]
    Conversation.objects.update(course=None)
    assert prompt_gather(user_message_id=started.user_message_id).documents == [own]


def test_the_intake_report_is_told_to_the_model(person: Person) -> None:
    document = stored(person.user, ["Light is a wave."])
    counts = {"page_count": 1_200, "pages_ocr": 3, "pages_empty": 2, "pages_failed": 1, "pages_cut": 200}
    Document.objects.filter(pk=document.pk).update(**counts)
    started = ask(person, "What is light?", document)
    built = prompt_make(prompt_gather(user_message_id=started.user_message_id), query_vector=None, budget_tokens=8_000)
    assert (
        "<files>\n| course.pdf: 1,200 pages, of which 3 read by OCR, with possible mistakes, 2 without text, 1 damaged "
        "and not read, 200 beyond the limit and not read.\n</files>"
    ) in built.messages[-1]["content"]


class Meanings:
    """A worker that makes vectors, unless it is away."""

    def __init__(self, *, is_away: bool) -> None:
        self.asked: list[tuple[str, ...]] = []
        self._is_away = is_away

    async def embeddings(self, texts: list[str], **_: Any) -> Embeddings:
        self.asked.append(tuple(texts))
        if self._is_away:
            raise Unavailable("away")
        return Embeddings(model="m", dimension=2, vectors=[[1.0, 0.0] for _ in texts])


@pytest.mark.parametrize("is_away", [False, True])
async def test_what_a_question_means_is_asked_only_where_something_has_to_be_chosen(
    person: Person, monkeypatch: pytest.MonkeyPatch, is_away: bool
) -> None:
    worker = Meanings(is_away=is_away)
    monkeypatch.setattr(preparing, "worker", lambda: worker)
    document = await run(stored, person.user, COURSE)
    started = await run(ask, person, "What is Kranz anatomy?", document)
    await prepared(started, budget_tokens=1_000)  # nothing has a vector
    await run(Document.objects.filter(pk=document.pk).update, vector_count=5)
    await prepared(started, budget_tokens=100_000)  # all of it goes in
    assert worker.asked == []
    built = await prepared(started, budget_tokens=1_000)
    assert worker.asked == [("What is Kranz anatomy?",)]
    assert any("Kranz" in passage.text for passage in built.passages)


@pytest.mark.parametrize("count", [1, 10])
def test_a_prompt_on_more_files_costs_no_more_queries(
    person: Person, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    course = Course.objects.create(user=person.user, name="Optics")
    documents = [stored(person.user, [*COURSE, f"Number {n}"], filename=f"{n}.pdf") for n in range(count)]
    Document.objects.update(course=course)
    with django_assert_num_queries(18):
        started = ask(person, "What is Kranz anatomy?", *documents, course_id=course.pk)
    with django_assert_num_queries(4):  # prompt and conversation, files that the branch names, those, the course's
        gathered = prompt_gather(user_message_id=started.user_message_id)
    with django_assert_num_queries(1):  # all passages
        prompt_make(gathered, query_vector=None, budget_tokens=1_000_000)
    with django_assert_num_queries(6):
        prompt_make(gathered, query_vector=None, budget_tokens=2_000)
