"""Files that come with a prompt: how long it waits for them, and that nothing stays of what is refused."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.chat.models import Conversation
from apps.chat.schemas import ChatRequest
from apps.chat.services import uploading
from apps.chat.services.uploading import STREAM_WAIT_SECONDS, Sent, files_take
from apps.core.access import Caller
from apps.core.errors import InvalidInput, ProviderError
from apps.documents.models import Document, DocumentState
from apps.documents.tests.library import Person, run, stored_files, uploaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("files")]
PROBLEM = {"code": "document_encrypted", "detail": "“locked.pdf” is protected by a password."}


class Reader:
    """In place of the process's own ingest: it says how long it was waited for, and reads as it is told to."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.fails: set[str] = set()

    async def settled(self, document_ids: Collection[UUID], *, within_s: float) -> bool:
        self.waited.append(within_s)
        failed = Document.objects.filter(pk__in=document_ids, filename__in=self.fails)
        await run(failed.update, state=DocumentState.FAILED, problem=PROBLEM)
        return True


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr(uploading, "ingest", lambda: reader)
    return reader


async def taken(caller: Caller, *names: str, is_stream: bool = False, **fields: Any) -> Sent:
    files = [SimpleUploadedFile(name, name.encode(), content_type="application/pdf") for name in names]
    body = ChatRequest(**{"message": "What is it?", **fields})
    return await files_take(caller=caller, files=files, body=body, is_stream=is_stream)


@pytest.mark.parametrize(
    ("is_stream", "wait_s", "waited_s"), [(False, 60, 60), (True, 60, STREAM_WAIT_SECONDS), (True, 2, 2)]
)
async def test_a_stream_waits_a_little_and_a_whole_answer_as_long_as_it_may(
    person: Person, reader: Reader, settings: LazySettings, is_stream: bool, wait_s: float, waited_s: float
) -> None:
    settings.DOCUMENT_WAIT_SECONDS = wait_s
    sent = await taken(person.caller, "a.pdf", "b.pdf", is_stream=is_stream)
    assert reader.waited == [waited_s]
    # What is not read by then goes along all the same: the prompt waits for it.
    documents = await run(lambda: list(Document.objects.order_by("filename").values_list("pk", "state")))
    assert sent.body.document_ids == [pk for pk, _ in documents]
    assert {state for _, state in documents} == {DocumentState.WAITING}


async def test_files_join_those_that_are_named_each_once(person: Person, reader: Reader) -> None:
    known = await uploaded(person, b"a.pdf", filename="a.pdf")
    sent = await taken(person.caller, "b.pdf", "a.pdf", document_ids=[known.document_id])
    assert sent.body.document_ids[0] == known.document_id
    assert len(sent.body.document_ids) == 2


async def test_somebody_new_is_one_guest_for_files_and_prompt(reader: Reader) -> None:
    sent = await taken(Caller(session_key=None, request_id="r"), "a.pdf", "b.pdf")
    assert sent.session_key == sent.caller.session_key
    assert sent.session_key
    assert await run(lambda: Document.objects.values("user").distinct().count()) == 1


async def test_a_file_that_cannot_be_read_is_its_own_problem_and_nothing_stays(person: Person, reader: Reader) -> None:
    known = await uploaded(person, b"known.pdf", filename="known.pdf")
    reader.fails = {"locked.pdf"}
    with pytest.raises(ProviderError) as refused:
        await taken(person.caller, "good.pdf", "known.pdf", "locked.pdf")
    assert (refused.value.code, refused.value.status, str(refused.value)) == (PROBLEM["code"], 422, PROBLEM["detail"])
    kept = await run(Document.objects.get)
    assert kept.pk == known.document_id  # what was there before is not taken back
    assert stored_files() == [kept.stored_as]
    assert not await run(Conversation.objects.exists)


async def test_a_regenerate_takes_no_files_and_stores_none(person: Person, reader: Reader) -> None:
    conversation = str(UUID(int=1))
    with pytest.raises(InvalidInput):
        await taken(person.caller, "a.pdf", message=None, trigger="regenerate", conversation_id=conversation)
    assert not await run(Document.objects.exists)
    assert reader.waited == []
