"""Gateway and worker share no code, but measure a prompt by the same rule."""

from hypothesis import given
from hypothesis import strategies as st

from apps.chat import pictures, prompts
from apps.core import tokens
from apps.documents.extraction import rendering
from fastapi_service.core.middleware import BODY_MAX_BYTES
from fastapi_service.orchestration import fitting
from fastapi_service.routes import schemas


@given(st.text())
def test_both_sides_say_the_same_of_a_text(text: str) -> None:
    assert fitting.tokens_estimate(text) == tokens.tokens_estimate(text)
    assert fitting.MESSAGE_OVERHEAD_TOKENS == prompts.MESSAGE_OVERHEAD_TOKENS


def test_the_worker_takes_all_the_pictures_that_the_gateway_sends() -> None:
    assert pictures.PICTURE_TOKENS == fitting.IMAGE_TOKENS
    assert pictures.PICTURES_MAX == schemas.IMAGES_MAX
    in_base64 = -(-rendering.MODEL_MAX_BYTES // 3) * 4
    assert in_base64 <= schemas.IMAGE_MAX_CHARS
    assert pictures.PICTURES_MAX * in_base64 <= BODY_MAX_BYTES * 3 / 4  # beside the text of the prompt
