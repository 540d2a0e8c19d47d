"""Why a draft became no item. Published: replies count them by these names."""

from typing import Literal

Reason = Literal[
    "unusable_answer",
    "weak_model",
    "wrong_shape",
    "kind_not_asked_for",
    "empty_text",
    "too_long",
    "unreadable_characters",
    "unknown_passage",
    "quote_too_short",
    "quote_not_in_passage",
    "equal_options",
    "answer_not_among_options",
    "catch_all_option",
    "two_right_options",
    "wrong_option_marked",
    "answer_not_in_quote",
    "answer_in_question",
    "gap_not_in_passage",
    "false_statement_in_passage",
    "sides_equal",
    "duplicate",
    "near_duplicate",
]
