"""Conversations are found by the words of their titles and messages, by their owner alone."""

import tracemalloc
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.accounts.services.guests import guest_absorb
from apps.accounts.services.tokens import token_create
from apps.chat.models import Conversation, Message, SearchEntry
from apps.chat.schemas import ConversationPatch
from apps.chat.search_terms import TITLE, key_of
from apps.chat.services.conversation import conversation_delete, conversation_restore, conversation_update
from apps.chat.services.metering import NOTHING_ASKED
from apps.chat.services.removing import conversations_remove
from apps.chat.services.searching import FoundConversation, conversations_search
from apps.chat.services.titling import _title_save
from apps.chat.tests.asking import ask
from apps.chat.tests.said import said
from apps.core.access import Caller, Scope
from apps.documents.tests.library import Person, a_person

pytestmark = pytest.mark.django_db
HOSTILE = [
    *('"', "'", '""', "light*", "*", "light OR", "NOT light", "(light", "light) AND", "a:b", "m:light", "^light", "-"),
    *("terms : light", "NEAR(light)", "light & | !", "'light':*", "\\", "\x00", "light\x00", "\ud800", "%", ";--"),
    *("x" * 10_000, "light " * 2_000, '"' * 10_000, "光" * 10_000, "\u0301" * 100, "🜚", "\u202elight"),
]


def found(person: Person, q: str, *, limit: int = 20) -> list[FoundConversation]:
    return conversations_search(caller=person.caller, q=q, limit=limit)


def ids(person: Person, q: str) -> list[UUID]:
    return [each.conversation.pk for each in found(person, q)]


def check_index() -> None:
    """It holds what the entries say, no more, no less; that of Postgres cannot do otherwise. Raises: DatabaseError."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO chat_search_index (chat_search_index, rank) VALUES ('integrity-check', 1)")


def signed_in(user: User) -> Person:
    _, token = token_create(user=user, name="x", scopes=[Scope.READ], expires_in_days=None)
    return Person(user, Caller(session_key=None, request_id="r", token=token))


def test_a_conversation_is_found_by_its_title_its_questions_and_its_answers(person: Person) -> None:
    started = said(person, "What is refraction?", "Light **bends** at a surface.\n\n| n | 1.33 |")
    (by_both,) = found(person, "refraction")
    assert by_both.conversation.pk == started.conversation_id
    assert by_both.conversation.title == "What is refraction?"
    assert by_both.title_marks == [(8, 18)]
    assert [(hit.message_id, hit.role) for hit in by_both.hits] == [(started.user_message_id, "user")]
    (by_answer,) = found(person, "surface light")
    assert by_answer.title_marks == []
    (hit,) = by_answer.hits
    assert (hit.message_id, hit.role) == (started.answer_id, "assistant")
    assert hit.snippet == "Light bends at a surface. n 1.33"
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["Light", "surface"]
    assert found(person, "light diffraction") == []  # all words, in one message


@pytest.mark.parametrize(
    ("text", "q"),
    [
        pytest.param("The Krebs cycle", "KREBS", id="capitals"),
        pytest.param("Équations différentielles", "equations differentielles", id="accents left out"),
        pytest.param("Equations", "équations", id="accents too many"),
        pytest.param("résumé of chapter 2", "resume", id="accents where a stemmer would stumble"),
        pytest.param("She was running", "run", id="another ending"),
        pytest.param("the run", "running", id="and the other way round"),
        pytest.param("to be or not to be", "to be", id="words that say little, alone"),
        pytest.param("Photosynthesis", "what is photosynthesis in a", id="words that say little, beside others"),
        pytest.param("植物的光合作用", "光合作用", id="Chinese"),
        pytest.param("植物的光合作用", "光", id="one character"),
        pytest.param("Тепловое излучение", "излучение", id="Cyrillic"),
        pytest.param("الضوء موجة", "موجة", id="Arabic"),
        pytest.param("call len(x) in utf8_decode", "utf8", id="code"),
        pytest.param("x = 42", "42", id="a number"),
        pytest.param("ﬁnal ｅｘａｍ", "final exam", id="ligatures and wide letters"),
        pytest.param("straße", "strasse", id="sharp s"),
        pytest.param("w" * 70, "w" * 80, id="too long for a word"),
    ],
)
def test_words_are_found_however_they_are_written(person: Person, text: str, q: str) -> None:
    other = said(person, "Something else entirely")
    started = ask(person, text)
    assert ids(person, q) == [started.conversation_id]
    (hit,) = found(person, q)[0].hits
    assert other.conversation_id not in ids(person, q)
    assert len(q) > 70 or any(start < end for start, end in hit.marks)


def test_half_a_word_is_found_from_its_second_letter_on(person: Person) -> None:
    started = said(person, "Derivatives, and photosynthesis")
    for word in ("derivatives", "photosynthesis"):
        assert ids(person, word[:1]) == []
        assert {tuple(ids(person, word[:n])) for n in range(2, len(word) + 1)} == {(started.conversation_id,)}


def test_a_query_without_words_finds_nothing(person: Person) -> None:
    said(person, "What is light? -- 🙂 …")
    for q in ("", " ", "?!", "…", "-- ;", "***", "\u0301", "🙂"):
        assert found(person, q) == [], q


def test_whatever_is_typed_only_finds_what_has_its_words(person: Person) -> None:
    started = said(person, "What is light?")
    said(a_person(), "light light light")
    for q in HOSTILE:
        assert set(ids(person, q)) <= {started.conversation_id}, q[:20]


def test_others_are_not_found(person: Person) -> None:
    other = a_person()
    mine, theirs = said(person, "My light"), said(other, "Their light")
    assert ids(person, "light") == [mine.conversation_id]
    assert ids(other, "light") == [theirs.conversation_id]


def test_not_even_those_of_somebody_whose_terms_begin_alike(person: Person) -> None:
    twin = User.objects.create(pk=UUID(person.user.pk.hex[:8] + "0" * 24), username="twin")
    title = Conversation.objects.create(user=twin, title="Their light", updated_at="2026-01-01T00:00Z")
    SearchEntry.objects.create(conversation=title, key=key_of(twin.pk, kind=TITLE), terms="light")
    assert key_of(twin.pk, kind=TITLE) == key_of(person.user.pk, kind=TITLE)
    assert found(person, "light") == []


def test_the_best_comes_first(person: Person) -> None:
    often = said(person, "About waves", "Light is a wave.")
    ask(person, "More on light?", conversation_id=often.conversation_id)
    once = said(person, "About colours", "White light has all of them.")
    newer = said(person, "About stars", "Their light is old.")
    titled = said(person, "Light")
    Conversation.objects.filter(pk=titled.conversation_id).update(updated_at="2020-01-01T00:00Z")
    order = [titled, often, newer, once]
    assert ids(person, "light") == [each.conversation_id for each in order]
    assert [each.conversation.pk for each in found(person, "light", limit=2)] == ids(person, "light")[:2]


def test_three_messages_of_a_conversation_are_told_the_newest_first(person: Person) -> None:
    started = said(person, "Light 0", "one")
    later = [said(person, f"Light {n}", "one", conversation_id=started.conversation_id) for n in range(1, 5)]
    (only,) = found(person, "light")
    assert [hit.message_id for hit in only.hits] == [each.user_message_id for each in later[:0:-1]]


def test_a_snippet_is_the_neighbourhood_of_the_first_word(person: Person) -> None:
    said(person, "Tell me", "# Title\n" + "filler words " * 100 + "the \U0001f50d **photon** " + "and so on " * 100)
    (hit,) = found(person, "photon")[0].hits
    assert len(hit.snippet) < 250
    assert (hit.snippet[0], hit.snippet[-1]) == ("…", "…")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["photon"]
    ask(person, "字" * 500 + "光合作用" + "字" * 500)
    (hit,) = found(person, "光合作用")[0].hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["光合作用"]


def test_a_new_title_is_what_it_is_found_by(person: Person) -> None:
    started = said(person, "Hello", "Hi.")
    patch = ConversationPatch(title="Optics")
    conversation_update(caller=person.caller, conversation_id=str(started.conversation_id), patch=patch)
    assert found(person, "optics")[0].title_marks == [(0, 6)]
    assert found(person, "hello")[0].title_marks == []
    named = said(person, "Good day")
    assert _title_save(named.conversation_id, title="Acoustics", asked=NOTHING_ASKED, reply={}, key=None)
    assert ids(person, "acoustic") == [named.conversation_id]
    check_index()


def test_an_archived_one_is_found_a_deleted_one_is_not(person: Person, settings: LazySettings) -> None:
    started = said(person, "What is light?")
    name = str(started.conversation_id)
    conversation_update(caller=person.caller, conversation_id=name, patch=ConversationPatch(archived=True))
    assert found(person, "light")[0].conversation.archived
    conversation_delete(caller=person.caller, conversation_id=name)
    assert found(person, "light") == []
    conversation_restore(caller=person.caller, conversation_id=name)
    assert ids(person, "light") == [started.conversation_id]
    conversation_delete(caller=person.caller, conversation_id=name)
    settings.DELETED_KEEP_HOURS = 0
    assert sum(conversations_remove())
    assert not SearchEntry.objects.exists()
    check_index()


def test_what_a_guest_has_said_is_found_by_the_user_that_it_becomes(person: Person) -> None:
    started = said(person, "What is light?", "A wave.")
    ada = User.objects.create(username="ada", email="ada@example.org")
    guest_absorb(guest_id=person.user.pk, user=ada)
    assert ids(signed_in(ada), "light") == ids(signed_in(ada), "wave") == [started.conversation_id]
    check_index()


def test_a_search_takes_few_queries_whatever_it_finds(
    person: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        said(person, f"Light {n}", "Light, and light.")
    with django_assert_num_queries(6):  # session, user; titles, messages; conversations, texts
        assert len(found(person, "light")) == 12


def test_a_search_reads_of_each_message_no_more_than_is_indexed(person: Person) -> None:
    started = said(person, "Light")
    long = "light " + "x" * 2_000_000
    for n in range(5):
        said(person, f"Light {n}", long)
    found(person, "light")
    tracemalloc.start()
    try:
        assert len(found(person, "light")) == 6
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert started.conversation_id in ids(person, "light")
    assert peak_bytes < 2 * len(long)


@pytest.mark.parametrize("left", [0, 1, 3])
def test_what_was_said_before_there_was_an_index_is_found(
    person: Person, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    """Also where its making was cut short before."""
    fill = import_module("apps.chat.migrations.0007_search_entries")
    monkeypatch.setattr(fill, "AT_ONCE", 2)
    started = said(person, "What is light?", "A wave.")
    deleted = said(person, "And what is a wave?", "Light.")
    conversation_delete(caller=person.caller, conversation_id=str(deleted.conversation_id))
    before = list(SearchEntry.objects.values_list("conversation", "message", "key", "terms"))
    SearchEntry.objects.exclude(pk__in=SearchEntry.objects.order_by("pk").values("pk")[:left]).delete()
    fill._fill(apps, None)
    assert set(SearchEntry.objects.values_list("conversation", "message", "key", "terms")) == set(before)
    assert ids(person, "wave") == [started.conversation_id]
    check_index()


def test_an_answer_of_megabytes_is_saved_and_found_by_its_beginning(person: Person) -> None:
    words = " ".join(f"w{number:x}" for number in range(300_000))
    started = said(person, "Count", words)
    assert Message.objects.get(pk=started.answer_id).text == words
    assert ids(person, "w1f") == [started.conversation_id]
