"""A question and its answer, as requests and runs write them."""

from typing import Any

from apps.chat.models import State
from apps.chat.outcomes import Outcome
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.services.starting import Started
from apps.chat.tests.asking import OWNER, ask
from apps.core.sse import frame
from apps.documents.tests.library import Person


def answered(started: Started, text: str = "", **fields: Any) -> Started:
    """The run of a prompt ends with this text. Any: of `generation_finish`."""
    pieces = [frame("text-start", id="answer"), frame("text-delta", id="answer", delta=text)] if text else []
    key = RunKey(started.generation_id, 1, OWNER)
    assert generation_finish(key, outcome=Outcome(State.COMPLETE), frames=pieces, **fields)
    return started


def said(person: Person, question: str, answer: str = "", **fields: Any) -> Started:
    """Any: of a ChatRequest."""
    return answered(ask(person, question, **fields), answer)
