"""What a passage takes of a prompt."""

from apps.core.tokens import tokens_estimate
from apps.documents.passages.cutting import Passage

PASSAGE_OVERHEAD_TOKENS = 8  # its number, brackets and line breaks in the prompt


def passage_tokens(passage: Passage) -> int:
    """Tokens of a passage in a prompt with the line that names it; an upper estimate."""
    return tokens_estimate(f"{passage.filename}, {passage.label}:\n{passage.text}") + PASSAGE_OVERHEAD_TOKENS
