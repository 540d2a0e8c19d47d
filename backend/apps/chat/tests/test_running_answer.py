"""The answer that runs, as its conversation has it: found by its state, and saved without turning the reader's page."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.chat.models import Conversation, Generation, Message, State
from apps.chat.outcomes import Outcome
from apps.chat.selectors import last_generation
from apps.chat.services.finishing import RunKey, generation_finish
from apps.chat.tests.test_taking_over import A, start

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_answer_that_runs_is_found_whatever_the_clocks_say() -> None:
    started = start()
    Generation.objects.create(
        conversation_id=started.conversation_id, user_message_id=started.user_message_id, state=State.COMPLETE
    )
    ahead = datetime.now(UTC) + timedelta(seconds=3)
    Generation.objects.filter(state=State.COMPLETE).update(created_at=ahead)
    found = last_generation(Conversation.objects.get())
    assert found
    assert found.pk == started.generation_id


def test_who_went_to_another_branch_meanwhile_stays_there() -> None:
    started = start()
    conversation = Conversation.objects.get(pk=started.conversation_id)
    other = Message.objects.create(conversation=conversation, user_id=started.user_id, role="user", text="other")
    Conversation.objects.update(active_leaf=other)
    generation_finish(RunKey(started.generation_id, 1, A), outcome=Outcome(State.COMPLETE))
    conversation.refresh_from_db()
    assert conversation.active_leaf_id == other.pk
