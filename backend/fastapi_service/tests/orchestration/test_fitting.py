from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.orchestration.fitting import MESSAGE_OVERHEAD_TOKENS, fitted, tokens_estimate
from fastapi_service.providers.base import Image, Message, Prompt

messages = st.builds(Message, st.sampled_from(["system", "user", "assistant"]), st.text(max_size=200))
prompts = st.builds(
    lambda turns, question: Prompt((*turns, Message("user", question))),
    st.lists(messages, max_size=12),
    st.text(max_size=200),
)


def cost(prompt: Prompt) -> int:
    return sum(MESSAGE_OVERHEAD_TOKENS + tokens_estimate(message.text) for message in prompt.messages)


@given(prompts, st.integers(0, 600))
def test_the_newest_turns_stay_within_the_budget(prompt: Prompt, budget: int) -> None:
    shorter, dropped = fitted(prompt, budget_tokens=budget)
    assert len(shorter.messages) + dropped == len(prompt.messages)
    assert shorter.messages[-1] == prompt.messages[-1]
    systems = [message for message in prompt.messages if message.role == "system"]
    assert [message for message in shorter.messages if message.role == "system"] == systems
    if dropped:
        pinned = Prompt((*systems, prompt.messages[-1]))
        assert cost(shorter) <= max(budget, cost(pinned))
        turns = [message for message in shorter.messages if message.role != "system"]
        assert turns[0].role == "user"
        assert turns == [message for message in prompt.messages if message.role != "system"][-len(turns) :]
    else:
        assert shorter is prompt


def test_what_fits_is_left_alone() -> None:
    prompt = Prompt((Message("user", "a"), Message("assistant", "b"), Message("user", "c")))
    assert fitted(prompt, budget_tokens=27) == (prompt, 0)
    assert fitted(prompt, budget_tokens=26)[0].messages == (Message("user", "c"),)


def test_what_is_written_already_and_images_take_room() -> None:
    turns = (Message("user", "a"), Message("assistant", "b"), Message("user", "c"))
    assert fitted(Prompt(turns, continue_from="x" * 30), budget_tokens=30)[1] == 2
    seen = (Message("user", "a"), Message("user", ("What is this?", Image("image/png", "AAAA"))))
    assert fitted(Prompt(seen), budget_tokens=900)[1] == 1
