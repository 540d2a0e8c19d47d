"""The law: what is exported after an import is what was exported before, whatever its shape; ids aside where taken."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import User
from apps.archive.tests.building import (
    a_conversation,
    a_course,
    a_document,
    a_feedback,
    a_guest,
    exported,
    files_in,
    names_of,
    records,
    restored,
    without_ids,
)
from apps.chat.models import Message

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
CONTENTS = st.booleans()
FAILURES = st.none() | st.fixed_dictionaries(
    {"code": st.just("timeout"), "detail": TEXTS}, optional={"status": st.integers(400, 599)}
)
TRY = {"provider": "local", "model": "m", "outcome": "ok", "ms": 12, "first_token_ms": None}
RECEIPTS = st.none() | st.fixed_dictionaries(
    {
        "first_token_ms": st.none() | st.integers(0, 2**31 - 1),
        "total_ms": st.integers(0, 2**31 - 1),
        "tries": st.lists(st.just(TRY), max_size=3),
    }
)
ANSWERS = st.fixed_dictionaries(
    {
        "text": TEXTS,
        "state": st.sampled_from(["complete", "stopped", "failed"]),
        "error": FAILURES,
        "provider": st.sampled_from(["", "gemini"]),
        "finish_reason": st.sampled_from(["", "stop"]),
        "input_tokens": st.none() | st.integers(0, 2**31 - 1),
        "receipt": RECEIPTS,
    }
)


@st.composite
def shapes(draw: st.DrawFn) -> list[int | None]:
    """Of a tree: for each message the number of an earlier one, or None for a root."""
    size = draw(st.integers(0, 12))
    return [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(size)]


def plant(user: User, shape: list[int | None], *, title: str, data: st.DataObject) -> None:
    """A conversation of that shape, with something of everything that can stand in one."""
    course = a_course(user, f"A course on {title}")
    content = title.encode() if data.draw(CONTENTS) else b""
    texts = ("first", data.draw(TEXTS), "last")
    document = a_document(user, f"{title}.txt", *texts, course=course, content=content)
    stands = {"document_id": str(document.pk), "filename": document.filename}
    file = {"type": "file", **stands, "media_type": "text/plain"}
    source = {"type": "source", "n": 1, **stands, "page": 1, "label": "page 1", "quote": data.draw(TEXTS)}
    source |= {"start": 0, "end": 5, "claim": data.draw(TEXTS), "verified": True, "cited": data.draw(st.booleans())}
    thought = {"type": "reasoning", "text": data.draw(TEXTS)}
    columns: dict[int, dict[str, Any]] = {}
    roles: list[str] = []
    for number, parent in enumerate(shape):
        roles.append("assistant" if parent is not None and roles[parent] == "user" else "user")
        if roles[number] == "assistant":
            columns[number] = {**data.draw(ANSWERS), "parts": [thought, source]}
        else:
            named = data.draw(st.none() | st.just(f"{title}-{number}"))
            columns[number] = {"text": data.draw(TEXTS), "parts": [file], "client_message_id": named}
    planted = a_conversation(
        user,
        shape,
        title=title,
        documents=[document],
        active=data.draw(st.sampled_from([None, *range(len(shape))])),
        messages=columns,
        client_id=data.draw(st.none() | st.just(f"named {title}")),
        title_source=data.draw(st.sampled_from(["prompt", "model", "user"])),
        pinned=data.draw(st.booleans()),
        archived=data.draw(st.booleans()),
        course=data.draw(st.sampled_from([None, course])),
    )
    for message in planted:
        if message.role == "assistant" and data.draw(st.booleans()):
            a_feedback(message, comment="Because.")


@pytest.mark.django_db
class TestRoundTrip(TestCase):
    @given(first=shapes(), second=shapes(), data=st.data())
    @settings(max_examples=40)
    def test_law(self, first: list[int | None], second: list[int | None], data: st.DataObject) -> None:
        owner, beside, later = a_guest(), a_guest(), a_guest()
        plant(owner.user, first, title="one", data=data)
        plant(owner.user, second, title="two", data=data)
        archive = exported(owner.user)
        before = records(archive)

        # Beside the owner, whose ids are taken: the same with ids of its own, and the same again is nothing new.
        made = restored(beside, archive).counts
        assert (made["conversations"], made["messages"], made["documents"]) == (2, len(first) + len(second), 2)
        copied = records(exported(beside.user))
        assert files_in(exported(beside.user)) == files_in(archive)
        names = {**names_of(before), **names_of(copied)}
        assert without_ids(copied, names) == without_ids(before, names)
        assert not copied.keys() & before.keys()
        assert not restored(beside, archive).counts.total()
        assert not restored(owner, archive).counts.total()
        assert records(exported(beside.user)) == copied

        # After the owner is gone: the very same.
        owner.user.delete()
        restored(later, archive)
        assert records(exported(later.user)) == before
        assert files_in(exported(later.user)) == files_in(archive)
        assert not Message.objects.exclude(user__in=[beside.user, later.user]).exists()
