"""Leases, claims and fences: at every moment one process runs an answer, and what it wrote is not lost."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session

from apps.chat import frames as own_frames
from apps.chat.models import Conversation, Generation, GenerationFrame, Lease, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.schemas import ChatRequest
from apps.chat.services import claiming, transitions
from apps.chat.services.claiming import Claimed, generations_claim
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.frame_log import (
    Followed,
    Piece,
    frames_commit,
    frames_of,
    frames_release,
    frames_sweep,
    generation_standing,
    standings,
    stops_requested,
)
from apps.chat.services.leasing import lease_give_up, lease_renew, lease_take, leases_revoke
from apps.chat.services.starting import Started, generation_start
from apps.chat.tests.threads import concurrently
from apps.chat.written import Written, written_of
from apps.core.access import Caller
from apps.core.ownership import is_known_dead, new_owner
from apps.core.sse import frame

pytestmark = pytest.mark.django_db(transaction=True)
A, B = "host-a/m/1/t", "host-b/m/1/t"
TEXT = "Light is both a wave and a particle, which is "  # more than the least that is gone on from


def delta(text: str) -> bytes:
    return frame("text-delta", id="answer", delta=text)


def start(owner: str = A) -> Started:
    lease_take(owner=owner)
    return generation_start(caller=Caller(session_key=None, request_id="r"), body=ChatRequest(message="?"), owner=owner)


def another() -> Started:
    return generation_start(caller=Caller(session_key=None, request_id="r"), body=ChatRequest(message="!"), owner=A)


def silence(owner: str) -> None:
    Lease.objects.filter(owner=owner).update(expires_at=datetime.now(UTC) - timedelta(seconds=1))


def claim(owner: str = B) -> list[Claimed]:
    if not Lease.objects.filter(owner=owner).exists():
        lease_take(owner=owner)
    return generations_claim(owner=owner, room=10)


def commit(started: Started, *texts: str, owner: str = A, epoch: int = 1, number: int = 1) -> bool:
    piece = Piece(started.generation_id, epoch, number, [delta(text) for text in texts])
    return frames_commit(owner=owner, pieces=[piece])


def test_a_silent_process_loses_its_answers_to_the_next_who_goes_on_from_what_is_logged() -> None:
    started = start()
    assert commit(started, TEXT[:10], TEXT[10:])
    assert claim() == []  # it still lives
    silence(A)
    (claimed,) = claim()
    assert claimed.key == RunKey(started.generation_id, 2, B)
    assert claimed.started == replace(started, session_key="", is_new=False)
    assert written_of(claimed.first).text == TEXT
    assert frames_of(generation_id=started.generation_id, epoch=2) == claimed.first
    assert not GenerationFrame.objects.filter(epoch=1).exists()


def test_a_process_that_was_only_paused_can_write_nothing_any_more() -> None:
    started = start()
    commit(started, TEXT)
    silence(A)
    claim()
    assert not commit(started, "and more", number=2)
    assert not lease_renew(owner=A)
    ended = generation_finish(RunKey(started.generation_id, 1, A), outcome=Outcome(State.COMPLETE))
    assert ended is None
    assert not Message.objects.filter(role="assistant").exists()


def test_a_late_commit_keeps_the_lease() -> None:
    started = start()
    silence(A)
    assert commit(started, TEXT)
    assert claim() == []


def test_too_little_is_begun_anew(settings: LazySettings) -> None:
    started = start()
    commit(started, "x" * (settings.GENERATION_CONTINUE_MIN_CHARS - 1))
    silence(A)
    (claimed,) = claim()
    assert written_of(claimed.first).text == ""


@pytest.mark.parametrize("logged", ["", TEXT[:5], f"{TEXT}a wave"])
def test_what_goes_on_from_an_earlier_answer_begins_with_its_text_whatever_is_logged(logged: str) -> None:
    first = start()
    finish = generation_finish(RunKey(first.generation_id, 1, A), outcome=Outcome(State.STOPPED), frames=[delta(TEXT)])
    assert finish
    session = Session.objects.get()
    body = ChatRequest(trigger="continue", conversation_id=first.conversation_id, parent_id=first.answer_id)
    started = generation_start(caller=Caller(session_key=session.session_key, request_id="r"), body=body, owner=A)
    assert written_of(own_frames.first(started)).text == TEXT
    if logged:
        commit(started, logged)
    silence(A)
    (claimed,) = claim()
    assert written_of(claimed.first).text == max(logged, TEXT, key=len)
    assert claimed.started.begun == started.begun


def test_a_stop_that_nobody_has_heard_is_kept_for_the_next_with_all_that_was_written() -> None:
    started = start()
    commit(started, "x")
    transitions.request_stop(generation_id=started.generation_id)
    silence(A)
    (claimed,) = claim()
    assert claimed.stop_requested
    assert written_of(claimed.first).text == "x"


def test_stop_requests_reach_the_owner_alone() -> None:
    started = start()
    assert transitions.request_stop(generation_id=started.generation_id)
    assert stops_requested(owner=A) == [started.generation_id]
    assert stops_requested(owner=B) == []
    generation_finish(RunKey(started.generation_id, 1, A), outcome=Outcome(State.STOPPED))
    assert not transitions.request_stop(generation_id=started.generation_id)


@pytest.mark.parametrize(
    "said",
    [b'"text-delta","delta":"half', b'"text-delta","delta":null}', b'"text-delta"}', b'"message-metadata"}'],
    ids=["cut", "no text", "without it", "nobody chosen"],
)
def test_what_cannot_be_read_is_begun_anew(said: bytes) -> None:
    started = start()
    piece = Piece(started.generation_id, 1, 1, [b'data: {"type":%b\n\n' % said])
    frames_commit(owner=A, pieces=[piece])
    silence(A)
    (claimed,) = claim()
    assert written_of(claimed.first).text == ""


def test_of_many_who_claim_one_gets_it() -> None:
    started = start()
    silence(A)
    owners = [f"host-{number}/m/1/t" for number in range(8)]
    for owner in owners:
        lease_take(owner=owner)
    claims = concurrently(lambda owner: generations_claim(owner=owner, room=10), owners)
    assert sum(map(len, claims)) == 1
    assert Generation.objects.get(pk=started.generation_id).epoch == 2


def test_of_two_owners_one_ends_a_generation() -> None:
    started = start()
    key = RunKey(started.generation_id, 1, A)
    text = [frame("text-delta", id="answer", delta="Hi\x00 there")]

    def finish(state: State) -> list[bytes] | None:
        return generation_finish(key, outcome=Outcome(state), frames=text)

    ended = [last for last in concurrently(finish, [State.COMPLETE, State.STOPPED] * 4) if last]
    assert len(ended) == 1
    saved = Message.objects.get(role="assistant")
    assert saved.text == "Hi there"
    assert saved.state == Generation.objects.get().state


def test_answers_that_are_released_are_claimed_without_waiting() -> None:
    started = start()
    piece = Piece(started.generation_id, 1, 1, [delta(TEXT)])
    assert frames_release(owner=A, pieces=[piece], generation_ids=[started.generation_id])
    lease_give_up(owner=A)
    (claimed,) = claim()
    assert written_of(claimed.first).text == TEXT


def test_an_answer_under_a_lease_that_never_was_is_claimed() -> None:
    started = start()
    Lease.objects.all().delete()
    (claimed,) = claim()
    assert claimed.key.generation_id == started.generation_id


def test_a_dead_process_of_this_machine_is_known_at_once_and_another_is_not() -> None:
    me = new_owner()
    host, machine, _, token = me.split("/")
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    assert is_known_dead(f"{host}/{machine}/{child}/{token}", me=me)
    assert is_known_dead(f"{host}/{machine}/{os.getpid()}/earlier", me=me)  # this pid, but before a restart
    assert not is_known_dead(me, me=me)
    assert not is_known_dead(f"{host}/{machine}/1/{token}", me=me)
    assert not is_known_dead(f"another/{machine}/{child}/{token}", me=me)
    assert not is_known_dead(f"{host}/another/{child}/{token}", me=me)
    started = start(f"{host}/{machine}/{child}/{token}")
    lease_take(owner=me)
    (claimed,) = generations_claim(owner=me, room=1)
    assert claimed.key.generation_id == started.generation_id


def test_a_living_peer_costs_no_write() -> None:
    start()
    lease_take(owner=B)
    assert leases_revoke(me=B) == 0
    assert Lease.objects.count() == 2


def test_a_deleted_answer_does_not_fail_the_commit_of_the_others() -> None:
    gone, kept = start(), another()
    Conversation.objects.filter(pk=gone.conversation_id).delete()
    pieces = [Piece(each.generation_id, 1, 1, [delta("x")]) for each in (gone, kept)]
    assert frames_commit(owner=A, pieces=pieces)
    assert frames_of(generation_id=kept.generation_id, epoch=1) == [delta("x")]
    assert frames_sweep() == 1
    assert list(GenerationFrame.objects.values_list("generation_id", flat=True)) == [kept.generation_id]


def test_the_log_is_kept_for_a_while_after_the_end(settings: LazySettings) -> None:
    started = start()
    commit(started, TEXT)
    last = Piece(started.generation_id, 1, 2, [delta("the end")])
    key = RunKey(started.generation_id, 1, A)
    ending = generation_finish(key, outcome=Outcome(State.COMPLETE), frames=[delta(TEXT)], unsaved=last)
    assert ending
    assert frames_sweep() == 0
    found = generation_standing(generation_id=started.generation_id)
    assert found.ended
    assert [each for piece in found.pieces for each in piece.frames] == [delta(TEXT), delta("the end"), *ending]
    Generation.objects.update(ended_at=datetime.now(UTC) - timedelta(seconds=settings.GENERATION_LOG_KEEP_SECONDS + 1))
    assert frames_sweep() == 1
    assert generation_standing(generation_id=started.generation_id).pieces == ()


def test_many_answers_are_followed_by_the_same_few_queries(django_assert_num_queries: object) -> None:
    lease_take(owner=A)
    started = [
        generation_start(caller=Caller(session_key=None, request_id="r"), body=ChatRequest(message="?"), owner=A)
        for _ in range(5)
    ]
    for each in started:
        commit(each, "a", "b")
        commit(each, "c", number=3)
    followed = [Followed(each.generation_id, 1, number) for number, each in enumerate(started)]
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django names no type for it
        found = standings(followed)
    new = [[piece.number for piece in found[each.generation_id].pieces] for each in started]
    assert new == [[1, 3], [3], [3], [], []]


def test_one_that_cannot_be_taken_over_does_not_keep_the_others_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = start(), another()
    silence(A)

    def broken(generation: Generation) -> Written:
        if generation.pk == first.generation_id:
            raise RuntimeError("of one answer")
        return Written()

    monkeypatch.setattr(claiming, "_worth_going_on", broken)
    assert [claimed.key.generation_id for claimed in claim()] == [second.generation_id]


def test_who_took_over_keeps_who_has_answered_so_far() -> None:
    started = start()
    chosen = frame("message-metadata", messageMetadata={"provider": "gemini", "model": "m"})
    frames_commit(owner=A, pieces=[Piece(started.generation_id, 1, 1, [chosen, delta(TEXT)])])
    silence(A)
    (claimed,) = claim()
    assert written_of(claimed.first).provider == "gemini"
