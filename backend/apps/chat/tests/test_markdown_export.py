"""A conversation as a file that others can read, and that nothing in it can break."""

import asyncio
import re
from typing import Any
from uuid import UUID

import pytest

from apps.chat.models import Conversation, Message
from apps.chat.services.conversation import conversation_delete
from apps.chat.services.markdown_export import MESSAGES_AT_ONCE, Opened, export_open, markdown_stream
from apps.chat.tests.asking import ask
from apps.chat.tests.said import answered, said
from apps.core.errors import NotFound
from apps.documents.tests.library import Person, a_person, stored

pytestmark = pytest.mark.django_db(transaction=True)


def opened(person: Person, conversation_id: UUID) -> Opened:
    return export_open(caller=person.caller, conversation_id=str(conversation_id))


async def _pieces(found: Opened) -> list[bytes]:
    return [piece async for piece in markdown_stream(found)]


def exported(person: Person, conversation_id: UUID) -> str:
    return b"".join(asyncio.run(_pieces(opened(person, conversation_id)))).decode()


def source(n: int, quote: str, **fields: Any) -> dict[str, Any]:
    """A part of an answer. Any: JSON."""
    return {
        **{"type": "source", "n": n, "document_id": None, "filename": "light.pdf", "page": 2, "label": "page 2"},
        **{"quote": quote, "start": 0, "end": 0, "claim": "", "verified": True, "cited": True, **fields},
    }


def headings(text: str) -> list[str]:
    """Who speaks, by the headings that a reader of Markdown sees outside of quotes."""
    return re.findall(r"^## (You|Lamla) ·", text, re.MULTILINE)


def test_turns_files_and_sources_of_the_branch_that_is_shown(person: Person) -> None:
    document = stored(person.user, ["Light is a wave."])
    prompt = ask(person, "What is *light*?\n\nIn short.", document)
    started = answered(prompt, "It is a wave [1], and fast [1, 2].\n\n`a[1]`")
    parts = [source(1, "Light is\na wave."), source(1, "Light is\na wave."), source(2, "Fast.", verified=False)]
    Message.objects.filter(pk=started.answer_id).update(parts=parts, model="deepseek_chat", state="stopped")
    said(person, "An edit?", client_message_id=Message.objects.get(pk=started.user_message_id).client_message_id)
    Conversation.objects.update(active_leaf=started.answer_id, created_at="2026-03-01T12:00Z", title="On *light*")
    Message.objects.update(created_at="2026-03-01T12:00Z")
    name = started.answer_id.hex[:6]
    title, _, turns = exported(person, started.conversation_id).partition("from Lamla on ")
    assert title == "# On \\*light\\*\n\nOf 2026-03-01, exported "
    assert (
        turns.partition("\n")[2]
        == f"""
## You · 2026-03-01 12:00 UTC

> What is *light*?
>
> In short.

Files: {document.filename}

## Lamla · 2026-03-01 12:00 UTC · deepseek\\_chat · stopped

> It is a wave [^{name}-1], and fast [^{name}-1][^{name}-2].
>
> `a[1]`

[^{name}-1]: light.pdf, page 2: “Light is a wave.”
[^{name}-2]: light.pdf, page 2: “Fast.” (not verified: this does not bear the claim)
"""
    )


def test_sources_that_say_only_what_the_first_ones_said_are_footnotes(person: Person) -> None:
    started = said(person, "What is light?", "A wave [1].")
    old = {
        name: source(1, "Light")[name] for name in ("type", "n", "document_id", "filename", "page", "label", "quote")
    }
    Message.objects.filter(pk=started.answer_id).update(parts=[old])
    assert ": light.pdf, page 2: “Light”\n" in exported(person, started.conversation_id)


def test_passages_that_an_answer_does_not_cite_stand_beside_it(person: Person) -> None:
    started = said(person, "What is light?", "A wave.")
    parts = [source(1, "x", cited=False), source(2, "y", cited=False, label="page 3", filename="a_b.pdf")]
    Message.objects.filter(pk=started.answer_id).update(parts=parts)
    assert "\nPassages beside it: light.pdf, page 2; a\\_b.pdf, page 3\n" in exported(person, started.conversation_id)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("```python\nprint(1)", id="an open fence"),
        pytest.param("~~~\n## You · now", id="another fence"),
        pytest.param("<!-- hidden", id="an open comment"),
        pytest.param("<script>\nalert(1)", id="an open element"),
        pytest.param("## Lamla · 2026-01-01 00:00 UTC\n\nI said so", id="a turn that never was"),
        pytest.param("a\r## You · now\r\n## Lamla · now", id="other ends of lines"),
        pytest.param("[^1]: evil\n\n---\n\n# End", id="footnotes and headings"),
    ],
)
def test_no_text_can_look_like_a_turn_or_swallow_one(person: Person, text: str) -> None:
    started = said(person, text, text)
    said(person, "Next", "Last.", conversation_id=started.conversation_id)
    lines = exported(person, started.conversation_id).split("\n")
    assert headings("\n".join(lines)) == ["You", "Lamla"] * 2
    own = re.compile(r"|# .*|Of \d.*|## (You|Lamla) · .*|>( .*)?")
    assert [line for line in lines if not own.fullmatch(line)] == []


def test_a_title_is_a_file_s_name_wherever_it_is_saved(person: Person) -> None:
    started = said(person, "?")
    names = {
        "Light & waves": "Light & waves.md",
        "../../etc/passwd": "etc passwd.md",
        'a:b*c?"<>|\\d': "a b c d.md",
        "Équations\r\nSet-Cookie: x": "Équations Set-Cookie x.md",
        "光合作用": "光合作用.md",
        "..": "conversation.md",
        "x" * 200: "x" * 60 + ".md",
        "a\u202ednuora": "adnuora.md",
    }
    for title, name in names.items():
        Conversation.objects.update(title=title)
        assert opened(person, started.conversation_id).filename == name


def test_a_long_one_is_written_a_page_at_a_time(person: Person) -> None:
    started = said(person, "0")
    parent = Message.objects.get(pk=started.answer_id)
    for n in range(MESSAGES_AT_ONCE):
        role = "assistant" if n % 2 else "user"
        fields = {"user": person.user, "role": role, "text": str(n), "parent": parent}
        parent = Message.objects.create(conversation_id=started.conversation_id, **fields)
    Conversation.objects.update(active_leaf=parent)
    pieces = asyncio.run(_pieces(opened(person, started.conversation_id)))
    assert len(pieces) == 3
    assert headings(b"".join(pieces).decode()) == ["You", "Lamla"] * (MESSAGES_AT_ONCE // 2 + 1)


def test_only_what_is_one_s_own_and_still_there(person: Person) -> None:
    started = said(person, "What is light?", "A wave.")
    with pytest.raises(NotFound):
        opened(a_person(), started.conversation_id)
    found = opened(person, started.conversation_id)
    conversation_delete(caller=person.caller, conversation_id=str(started.conversation_id))
    assert headings(b"".join(asyncio.run(_pieces(found))).decode()) == []
    with pytest.raises(NotFound):
        opened(person, started.conversation_id)
