"""What a draft must satisfy to become an item. Pure functions: a draft and its passages in, an item or a reason out."""

import unicodedata

from fastapi_service.study.drafts import CardDraft, QuizDraft
from fastapi_service.study.folding import fold, folded, holds_some_form, words
from fastapi_service.study.gaps import BLANK, WRAPPING, deletions, fill, filled, left_to_see, one_gap
from fastapi_service.study.items import (
    OPTIONS,
    TEXT_MAX_CHARS,
    BasicCard,
    Card,
    Cloze,
    ClozeCard,
    QuizItem,
    ShortAnswer,
    SingleChoice,
    Source,
    Sources,
    TrueFalse,
)
from fastapi_service.study.options import flaw_of, option_key, unlabelled, wrong_key
from fastapi_service.study.reasons import Reason

QUOTE_MIN_WORDS = 4
QUOTE_MAX_CHARS = 1000  # a longer one proves nothing
GAP_CONTEXT_MIN_WORDS = 3

_OVERRIDES = frozenset("\u202d\u202e")  # they show letters in another order than they are stored in


def judge_question(draft: QuizDraft, sources: Sources) -> QuizItem | Reason:
    """The item, its options in the order of the draft; or why it is none."""
    grounds = _grounds(draft, sources, (draft.question, draft.answer, draft.explanation, *draft.options))
    if isinstance(grounds, str):
        return grounds
    return _JUDGES[draft.kind](draft, *grounds, sources)


def judge_card(draft: CardDraft, sources: Sources) -> Card | Reason:
    """The card, or why it is none."""
    sides = (draft.front, draft.back) if draft.kind == "basic" else (draft.text,)
    grounds = _grounds(draft, sources, sides)
    if isinstance(grounds, str):
        return grounds
    source, quote = grounds
    if draft.kind == "basic":
        if fold(draft.front) == fold(draft.back):
            return "sides_equal"
        if holds_some_form(draft.front, draft.back):
            return "answer_in_question"
        return BasicCard(passage_id=source.id, quote=quote, front=draft.front.strip(), back=draft.back.strip())
    return _judge_cloze_card(draft, source, quote)


def _grounds(draft: QuizDraft | CardDraft, sources: Sources, texts: tuple[str, ...]) -> tuple[Source, str] | Reason:
    """The passage and the quote in its own spelling, or what is wrong with any draft."""
    if any(len(text) > TEXT_MAX_CHARS for text in texts) or len(draft.quote) > QUOTE_MAX_CHARS:
        return "too_long"
    if any(_is_unreadable(character) for text in texts for character in text):
        return "unreadable_characters"
    if any(not words(text) and not _is_formula(text) for text in texts):
        return "empty_text"
    source = sources.get(draft.passage_id)
    if source is None:
        return "unknown_passage"
    if len(words(draft.quote)) < QUOTE_MIN_WORDS:
        return "quote_too_short"
    quote = source.folded.locate(draft.quote) or source.folded.locate(draft.quote.strip(WRAPPING))
    return (source, quote) if quote else "quote_not_in_passage"


def _is_unreadable(character: str) -> bool:
    """Whether it cannot be shown or stored, as a zero byte, or turns the text around it."""
    return character in _OVERRIDES or (unicodedata.category(character) in {"Cc", "Cs"} and not character.isspace())


def _is_formula(text: str) -> bool:
    """Whether there is something to read, such as "+", where there are no words."""
    return any(not (character.isspace() or character == "_") for character in fold(text))


def _judge_single_choice(draft: QuizDraft, source: Source, quote: str, sources: Sources) -> SingleChoice | Reason:
    options, right = unlabelled(draft.options, draft.answer)
    if len(options) != OPTIONS:
        return "wrong_shape"
    if flaw := flaw_of(options, right):
        return flaw
    answer = [option_key(option) for option in options].index(option_key(right))
    others = [option for place, option in enumerate(options) if place != answer]
    if flaw := wrong_key(draft.question, options[answer], others, sources, quote):
        return flaw
    return SingleChoice(
        passage_id=source.id,
        quote=quote,
        question=one_gap(draft.question),
        options=options,
        answer=answer,
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _judge_true_false(draft: QuizDraft, source: Source, quote: str, sources: Sources) -> TrueFalse | Reason:
    verdict = {"true": True, "false": False}.get(fold(draft.answer))
    if verdict is None:
        return "wrong_shape"
    if not verdict and sources.say(draft.question):
        return "false_statement_in_passage"
    return TrueFalse(
        passage_id=source.id,
        quote=quote,
        question=draft.question.strip(),
        answer=verdict,
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _judge_short_answer(draft: QuizDraft, source: Source, quote: str, sources: Sources) -> ShortAnswer | Reason:
    if not folded(quote).holds(draft.answer):
        return "answer_not_in_quote"
    if holds_some_form(draft.question, draft.answer):
        return "answer_in_question"
    # Another wording is believed only where a passage has it; what the question names is no answer to it.
    question = folded(draft.question)
    believed = [text.strip() for text in draft.accepted if sources.hold(text) and not question.holds(text)]
    accepted: dict[str, str] = {}
    for text in (draft.answer.strip(), *believed):
        accepted.setdefault(fold(text), text)
    return ShortAnswer(
        passage_id=source.id,
        quote=quote,
        question=draft.question.strip(),
        answer=draft.answer.strip(),
        accepted=list(accepted.values()),
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _judge_cloze(draft: QuizDraft, source: Source, quote: str, sources: Sources) -> Cloze | Reason:
    if len(BLANK.findall(draft.question)) != 1:
        return "wrong_shape"
    around = BLANK.sub(" ", draft.question)
    sentence = fill(draft.question, draft.answer)
    if len(words(around)) < GAP_CONTEXT_MIN_WORDS or not source.folded.holds(sentence):
        return "gap_not_in_passage"
    if not folded(quote).holds(draft.answer):
        return "answer_not_in_quote"
    if holds_some_form(around, draft.answer):
        return "answer_in_question"
    return Cloze(
        passage_id=source.id,
        quote=quote,
        question=one_gap(draft.question),
        answer=draft.answer.strip(),
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _judge_cloze_card(draft: CardDraft, source: Source, quote: str) -> ClozeCard | Reason:
    card = ClozeCard(passage_id=source.id, quote=quote, text=draft.text.strip())
    sentence = filled(card)
    if not deletions(card) or "{{" in sentence or "}}" in sentence:
        return "wrong_shape"
    around = left_to_see(card)
    if len(words(around)) < GAP_CONTEXT_MIN_WORDS or not source.folded.holds(sentence):
        return "gap_not_in_passage"
    if not all(folded(quote).holds(deleted) for deleted in deletions(card)):
        return "answer_not_in_quote"
    if any(holds_some_form(around, deleted) for deleted in deletions(card)):
        return "answer_in_question"
    return card


_JUDGES = {
    "single_choice": _judge_single_choice,
    "true_false": _judge_true_false,
    "short_answer": _judge_short_answer,
    "cloze": _judge_cloze,
}
