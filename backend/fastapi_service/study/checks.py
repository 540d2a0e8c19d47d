"""What a draft must satisfy to become an item. Pure functions: a draft and its passages in, an item or a reason out."""

import re
from typing import Literal

from fastapi_service.study.drafts import CardDraft, QuizDraft
from fastapi_service.study.folding import Folded, fold, folded, words
from fastapi_service.study.items import (
    GAP,
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

Reason = Literal[
    "unusable_answer",
    "weak_model",
    "wrong_shape",
    "kind_not_asked_for",
    "empty_text",
    "too_long",
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

QUOTE_MIN_WORDS = 4
GAP_CONTEXT_MIN_WORDS = 3

_GAP = re.compile(r"_{3,}")
_DELETION = re.compile(r"\{\{c[1-9]::((?:(?!\}\}|::).)+?)(?:::[^{}]*)?\}\}")
_CATCH_ALL = re.compile(
    r"\b(all|none|both|neither|any|either)( (of|are|the|these|those|options|answers|choices|above|below|correct))* "
    r"(above|below|these|those|options|answers|choices|correct|them)\b|\bboth [a-d] and [a-d]\b|\b[a-d] and [a-d]\b$"
)
_BETWEEN_EQUALS = re.compile(
    r"[\s,;/&()]*(?:(?:and|or|both|either|as well as|und|oder|et|ou|y|o)\b[\s,]*)?"
    r"(?:(?:the|a|an)\b\s*)?"
)
_WRAPPING = " \n\t\"'“”„«»…."


def judge_question(draft: QuizDraft, sources: Sources) -> QuizItem | Reason:
    """The item, its options in the order of the draft; or why it is none."""
    grounds = _grounds(draft, sources, (draft.question, draft.answer, draft.explanation, *draft.options))
    if isinstance(grounds, str):
        return grounds
    source, quote = grounds
    return _JUDGES[draft.kind](draft, source, quote)


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
        return BasicCard(passage_id=source.id, quote=quote, front=draft.front.strip(), back=draft.back.strip())
    return _judge_cloze_card(draft, source, quote)


def filled(card: ClozeCard) -> str:
    """The sentence without the marks of its gaps."""
    return _DELETION.sub(r"\1", card.text)


def deletions(card: ClozeCard) -> list[str]:
    return _DELETION.findall(card.text)


def _grounds(draft: QuizDraft | CardDraft, sources: Sources, texts: tuple[str, ...]) -> tuple[Source, str] | Reason:
    """The passage and the quote in its own spelling, or what is wrong with any draft."""
    if any(not words(text) and not _is_formula(text) for text in texts):
        return "empty_text"
    if any(len(text) > TEXT_MAX_CHARS for text in texts):
        return "too_long"
    source = sources.get(draft.passage_id)
    if source is None:
        return "unknown_passage"
    if len(words(draft.quote)) < QUOTE_MIN_WORDS:
        return "quote_too_short"
    quote = source.folded.locate(draft.quote) or source.folded.locate(draft.quote.strip(_WRAPPING))
    return (source, quote) if quote else "quote_not_in_passage"


def _is_formula(text: str) -> bool:
    """Whether there is something to read, such as "+", where there are no words."""
    return any(not (character.isspace() or character == "_") for character in fold(text))


def _judge_single_choice(draft: QuizDraft, source: Source, quote: str) -> SingleChoice | Reason:
    options = [option.strip() for option in draft.options]
    keys = [_option_key(option) for option in options]
    if len(options) != OPTIONS:
        return "wrong_shape"
    if len(set(keys)) < len(keys):
        return "equal_options"
    if any(_CATCH_ALL.search(fold(option)) for option in options):
        return "catch_all_option"
    if _option_key(draft.answer) not in keys:
        return "answer_not_among_options"
    answer = keys.index(_option_key(draft.answer))
    others = [option for place, option in enumerate(options) if place != answer]
    if flaw := _second_right(draft.question, options[answer], others, source, folded(quote)):
        return flaw
    return SingleChoice(
        passage_id=source.id,
        quote=quote,
        question=_one_gap(draft.question),
        options=options,
        answer=answer,
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _second_right(question: str, answer: str, others: list[str], source: Source, quote: Folded) -> Reason | None:
    """What can be seen, without understanding, of options that are right beside the marked one."""
    for other in others:
        if folded(other).holds(answer) or folded(answer).holds(other):
            return "two_right_options"
        if _GAP.search(question) and source.folded.holds(_fill(question, other)):
            return "two_right_options"
        if _stand_side_by_side(quote, fold(answer), fold(other)):
            return "two_right_options"
    if not quote.holds(answer) and any(quote.holds(other) for other in others):
        return "wrong_option_marked"
    return None


def _stand_side_by_side(quote: Folded, one: str, other: str) -> bool:
    """Whether the quote lists both, as in "A, B and C": what it says of one it says of the other."""
    for first, second in ((one, other), (other, one)):
        for start in quote.find(first):
            end = start + len(first)
            if any(
                end < at and _BETWEEN_EQUALS.fullmatch(quote.text[end:at]) and quote.text[end:at].strip()
                for at in quote.find(second)
            ):
                return True
    return False


def _judge_true_false(draft: QuizDraft, source: Source, quote: str) -> TrueFalse | Reason:
    verdict = {"true": True, "false": False}.get(fold(draft.answer))
    if verdict is None:
        return "wrong_shape"
    if not verdict and source.folded.holds(draft.question.strip(_WRAPPING)):
        return "false_statement_in_passage"
    return TrueFalse(
        passage_id=source.id,
        quote=quote,
        question=draft.question.strip(),
        answer=verdict,
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _judge_short_answer(draft: QuizDraft, source: Source, quote: str) -> ShortAnswer | Reason:
    if not folded(quote).holds(draft.answer):
        return "answer_not_in_quote"
    if folded(draft.question).holds(draft.answer):
        return "answer_in_question"
    # Another wording is believed only where the passage has it.
    believed = [text.strip() for text in draft.accepted if words(text) and source.folded.holds(text)]
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


def _judge_cloze(draft: QuizDraft, source: Source, quote: str) -> Cloze | Reason:
    if len(_GAP.findall(draft.question)) != 1:
        return "wrong_shape"
    around = _GAP.sub(" ", draft.question)
    sentence = _fill(draft.question, draft.answer)
    if len(words(around)) < GAP_CONTEXT_MIN_WORDS or not source.folded.holds(sentence):
        return "gap_not_in_passage"
    if not folded(quote).holds(draft.answer):
        return "answer_not_in_quote"
    if folded(around).holds(draft.answer):
        return "answer_in_question"
    return Cloze(
        passage_id=source.id,
        quote=quote,
        question=_one_gap(draft.question),
        answer=draft.answer.strip(),
        explanation=draft.explanation.strip(),
        difficulty=draft.difficulty,
    )


def _judge_cloze_card(draft: CardDraft, source: Source, quote: str) -> ClozeCard | Reason:
    card = ClozeCard(passage_id=source.id, quote=quote, text=draft.text.strip())
    sentence = filled(card)
    if not deletions(card) or "{{" in sentence or "}}" in sentence:
        return "wrong_shape"
    around = _DELETION.sub(" ", card.text)
    if len(words(around)) < GAP_CONTEXT_MIN_WORDS or not source.folded.holds(sentence):
        return "gap_not_in_passage"
    if not all(folded(quote).holds(deleted) for deleted in deletions(card)):
        return "answer_not_in_quote"
    if any(folded(around).holds(deleted) for deleted in deletions(card)):
        return "answer_in_question"
    return card


def _option_key(option: str) -> str:
    """Options that differ only by an article or a full stop are equal."""
    return re.sub(r"^(the|an?) (?=.)", "", fold(option).rstrip(" ."))


def _fill(question: str, answer: str) -> str:
    """The sentence with the answer in its gap, without quotation marks or a full stop at its ends."""
    return answer.strip().join(_GAP.split(question)).strip(_WRAPPING)


def _one_gap(question: str) -> str:
    return _GAP.sub(GAP, question.strip())


_JUDGES = {
    "single_choice": _judge_single_choice,
    "true_false": _judge_true_false,
    "short_answer": _judge_short_answer,
    "cloze": _judge_cloze,
}
