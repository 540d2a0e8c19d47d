"""One part for each mark, in the order of the text: the UI takes the k-th `[n]` for the k-th part of that n."""

from typing import Any

import orjson
import pytest

from apps.chat.models import Message, State
from apps.chat.outcomes import Outcome
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.leasing import lease_take
from apps.chat.tests.asking import OWNER, ask
from apps.core.sse import frame
from apps.documents.passages import SourcePage, passages_of
from apps.documents.tests.library import Person, stored

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("Chlorophyll is green.", "Light is a wave.", "Sound needs a medium.")
TEXT = (
    "Chlorophyll is green [1]. Light is a wave [2, 3].\n\n"
    "- Chlorophyll is green [1].\n- Sound needs a medium [3] and light is a wave [2].\n\n"
    "`a[1]` is code. Nobody knows [9].\n\nChlorophyll is red [1]."
)
MARKS = [1, 2, 3, 1, 3, 2, 9, 1]


def finished(person: Person, text: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The parts of the answer as they are kept, and the citations as they are streamed. Any: JSON."""
    lease_take(owner=OWNER)
    document = stored(person.user, list(PAGES))
    pages = [SourcePage(document.pk, document.filename, n, f"page {n}", page) for n, page in enumerate(PAGES, 1)]
    started = ask(person, "What is what?", document)
    last = generation_finish(
        RunKey(started.generation_id, 1, OWNER),
        outcome=Outcome(State.COMPLETE),
        frames=[frame("text-start", id="answer"), frame("text-delta", id="answer", delta=text)],
        passages=passages_of(pages),
    )
    assert last
    told = [orjson.loads(each.removeprefix(b"data: ")) for each in last]
    kept = Message.objects.get(pk=started.answer_id).parts
    return kept, [each["data"] for each in told if each["type"] == "data-citation"]


def test_each_mark_has_its_part_in_the_order_of_the_text(person: Person) -> None:
    parts, citations = finished(person, TEXT)
    assert [part["n"] for part in parts] == MARKS
    assert [citation["n"] for citation in citations] == MARKS
    ones = [part for part in parts if part["n"] == 1]
    # The same sentence twice is two parts; the third, which the page does not bear, is the third mark of that number.
    assert [part["verified"] for part in ones] == [True, True, False]
    assert [part["claim"] for part in ones] == ["Chlorophyll is green", "Chlorophyll is green", "Chlorophyll is red"]
    (unknown,) = [part for part in parts if part["n"] == 9]
    assert (unknown["document_id"], unknown["verified"], unknown["cited"]) == (None, False, True)
