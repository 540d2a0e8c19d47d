"""What stands in an archive, and what it costs to make one."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.archive.services.exporting import archive_pieces, archive_stream
from apps.archive.tests.building import Guest, a_conversation, a_document, a_feedback, entries, exported, restored
from apps.chat.models import Conversation, Generation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.frame_log import Piece, frames_insert
from apps.core.sse import frame
from apps.usage.models import UsageEntry

OWNER = "host/m/1/t"
SAID = [frame("text-start", id="answer"), frame("text-delta", id="answer", delta="So far")]
pytestmark = pytest.mark.django_db(transaction=True)


def answering(guest: Guest) -> Generation:
    """An answer that is being written to the question of a new conversation."""
    question = a_conversation(guest.user, [None])[0]
    running = Generation.objects.create(
        conversation_id=question.conversation_id, user_message=question, state=State.RUNNING, owner=OWNER
    )
    frames_insert([Piece(running.pk, 1, 1, SAID)])
    return running


def test_an_archive_says_what_it_is_and_what_it_holds(guest: Guest, other: Guest) -> None:
    a_conversation(other.user)
    answer = a_conversation(guest.user, [None, 0, 0], documents=[a_document(guest.user, "cell.txt", "One", "")])[1]
    a_feedback(answer, comment="No.")
    found = entries(exported(guest.user))
    manifest = found["manifest.json"]
    assert (manifest["format"], manifest["version"], manifest["email"]) == ("lamla-archive", 1, None)
    assert manifest["counts"] == {"conversations": 1, "messages": 3, "documents": 1, "pages": 2}
    conversation = found[f"conversations/{answer.conversation_id}.json"]
    assert [message["parent_id"] for message in conversation["messages"]] == [None, *2 * [str(answer.parent_id)]]
    assert conversation["messages"][1]["feedback"]["comment"] == "No."
    document = found[f"documents/{conversation['document_ids'][0]}.json"]
    assert [(page["text"], page["state"]) for page in document["pages"]] == [("One", "read"), ("", "empty")]
    assert found["account.json"]["is_guest"] is True
    assert found["usage.json"] == {"entries": []}
    assert len(found) == 5


def test_tokens_are_named_without_what_opens_anything(guest: Guest) -> None:
    guest.user.api_tokens.create(name="laptop", digest="d" * 64, prefix="lamla_abcd", scopes=["read"])
    account = entries(exported(guest.user))["account.json"]
    assert [(token["name"], token["prefix"]) for token in account["tokens"]] == [("laptop", "lamla_abcd")]
    assert "d" * 64 not in str(account)


def test_what_was_used_is_told_by_line(guest: Guest, other: Guest) -> None:
    for user in (guest.user, other.user):
        UsageEntry.objects.create(generation_id=uuid4(), user=user, day="2026-01-01", input_tokens=7, provider="gemini")
    lines = entries(exported(guest.user))["usage.json"]["entries"]
    assert [(line["provider"], line["input_tokens"]) for line in lines] == [("gemini", 7)]


def test_an_answer_that_is_being_written_is_there_as_far_as_it_is(guest: Guest, other: Guest) -> None:
    running = answering(guest)
    archive = exported(guest.user)
    record = entries(archive)[f"conversations/{running.conversation_id}.json"]
    partial = record["messages"][1]
    assert (partial["text"], partial["state"], partial["id"]) == ("So far", "stopped", str(running.answer_id))
    assert record["active_message_id"] == partial["id"]
    # Its id is taken, though no message has it yet: whoever imports the archive now must not cost the run its answer.
    restored(other, archive)
    assert generation_finish(RunKey(running.pk, 1, OWNER), outcome=Outcome(State.COMPLETE), frames=SAID)
    assert Message.objects.get(pk=running.answer_id).user_id == guest.user.pk
    assert Message.objects.filter(user=other.user, state="stopped").count() == 1


def noise() -> str:
    """What does not pack well."""
    return "".join(uuid4().hex for _ in range(20))


def test_each_step_is_short_and_outside_of_any_transaction(guest: Guest) -> None:
    turns = [None if number == 0 else number - 1 for number in range(350)]
    a_conversation(guest.user, turns, messages={number: {"text": noise()} for number in range(350)})
    pieces = archive_pieces(user=guest.user)
    sizes = []
    while True:
        with CaptureQueriesContext(connection) as asked:
            piece = next(pieces, None)
        if piece is None:
            break
        assert len(asked) <= 9
        assert not connection.in_atomic_block
        sizes.append(len(piece))
    assert len(sizes) > 4
    assert max(sizes) < sum(sizes) / 2


def test_what_is_deleted_in_the_middle_leaves_nothing_that_points_to_nowhere(guest: Guest, other: Guest) -> None:
    turns = [None if number == 0 else number - 1 for number in range(350)]
    last = a_conversation(guest.user, turns)[-1]
    pieces, archive = archive_pieces(user=guest.user), b""
    for piece in pieces:
        archive += piece
        if b"conversations/" in archive:
            Conversation.objects.all().delete()
    record = entries(archive)[f"conversations/{last.conversation_id}.json"]
    assert 0 < len(record["messages"]) < 350
    assert record["active_message_id"] is None
    assert restored(other, archive).counts["messages"] == len(record["messages"])


async def test_the_stream_is_the_archive(guest: Guest) -> None:
    pieces = [piece async for piece in archive_stream(user=guest.user)]
    assert all(pieces)
    assert set(entries(b"".join(pieces))) == {"account.json", "usage.json", "manifest.json"}
