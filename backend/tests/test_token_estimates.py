"""Gateway and worker share no code, but measure a prompt by the same rule."""

from hypothesis import given
from hypothesis import strategies as st

from apps.chat import prompts
from apps.core import tokens
from fastapi_service.orchestration import fitting


@given(st.text())
def test_both_sides_say_the_same_of_a_text(text: str) -> None:
    assert fitting.tokens_estimate(text) == tokens.tokens_estimate(text)
    assert fitting.MESSAGE_OVERHEAD_TOKENS == prompts.MESSAGE_OVERHEAD_TOKENS
