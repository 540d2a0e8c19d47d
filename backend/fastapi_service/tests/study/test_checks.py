import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.study.checks import judge_card, judge_question
from fastapi_service.study.drafts import CardDraft, QuizDraft
from fastapi_service.study.duplicates import Asked
from fastapi_service.study.items import BasicCard, Cloze, ClozeCard, ShortAnswer, SingleChoice, Sources, TrueFalse
from fastapi_service.study.reasons import Reason
from fastapi_service.tests.study.chapter import passages, sources

TEXT = (
    "Osmosis is the movement of water through a membrane. Plants store starch and proteins in seeds, and they keep "
    "“sugar” in the\nsap. The stroma, also called matrix, is the fluid around the thylakoids."
)
ATOM = "Atoms: an atom has one nucleus and weighs 3.5 or 1,500 units, but never -20 units."
SOURCES = Sources([("p", TEXT), ("q", "Osmosis is the movement of water through a membrane."), ("r", ATOM)])
OSMOSIS = "Osmosis is the movement of water through a membrane"


def quiz_draft(kind: str, **changes: Any) -> QuizDraft:
    """A draft that passes, but for the changes; Any: its fields."""
    fields: dict[str, Any] = {
        "kind": kind,
        "question": "What is the movement of water through a membrane?",
        "options": [],
        "answer": "osmosis",
        "accepted": [],
        "explanation": "It is defined so.",
        "difficulty": "easy",
        "passage_id": "p",
        "quote": OSMOSIS,
    }
    by_kind: dict[str, dict[str, Any]] = {
        "single_choice": {"options": ["diffusion", "osmosis", "digestion", "respiration"]},
        "true_false": {"question": "Osmosis moves water.", "answer": "true"},
        "short_answer": {},
        "cloze": {"question": "____ is the movement of water through a membrane."},
    }
    return QuizDraft(**(fields | by_kind[kind] | changes))


def card_draft(kind: str, **changes: Any) -> CardDraft:
    """A draft that passes, but for the changes; Any: its fields."""
    sides: dict[str, dict[str, Any]] = {
        "basic": {"front": "What is osmosis?", "back": "Movement of water.", "text": ""},
        "cloze": {"front": "", "back": "", "text": "{{c1::Osmosis}} is the movement of water through a membrane."},
    }
    return CardDraft(**({"kind": kind, "passage_id": "p", "quote": OSMOSIS} | sides[kind] | changes))


def test_good_drafts_become_items() -> None:
    choice = judge_question(quiz_draft("single_choice"), SOURCES)
    assert isinstance(choice, SingleChoice)
    assert choice.options[choice.answer] == "osmosis"
    statement = judge_question(quiz_draft("true_false", answer="False"), SOURCES)
    assert isinstance(statement, TrueFalse)
    assert statement.answer is False
    gap = judge_question(quiz_draft("cloze", question="______ is the movement of water through a membrane"), SOURCES)
    assert isinstance(gap, Cloze)
    assert gap.question.count("____") == 1
    assert isinstance(judge_card(card_draft("basic"), SOURCES), BasicCard)
    assert isinstance(judge_card(card_draft("cloze"), SOURCES), ClozeCard)


def test_the_quote_is_given_back_as_the_passage_has_it() -> None:
    item = judge_question(quiz_draft("true_false", quote='"they keep "sugar" in the sap..."'), SOURCES)
    assert isinstance(item, TrueFalse)
    assert item.quote == "they keep “sugar” in the\nsap"


def test_other_wordings_are_accepted_only_where_the_passage_has_them() -> None:
    draft = quiz_draft(
        "short_answer",
        question="What is the fluid around the thylakoids?",
        answer="stroma",
        accepted=["matrix", "Stroma", "cytosol", "thylakoids", " "],
        quote="The stroma, also called matrix, is the fluid around the thylakoids.",
    )
    item = judge_question(draft, SOURCES)
    assert isinstance(item, ShortAnswer)
    assert item.accepted == ["stroma", "matrix"]


BAD_QUESTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("single_choice", {"passage_id": "s"}, "unknown_passage"),
    ("single_choice", {"quote": "Osmosis is"}, "quote_too_short"),
    ("single_choice", {"quote": "Osmosis is the movement of salt through a membrane"}, "quote_not_in_passage"),
    ("single_choice", {"quote": OSMOSIS.replace("is the", "is ... the")}, "quote_not_in_passage"),
    ("single_choice", {"question": " "}, "empty_text"),
    ("single_choice", {"explanation": ""}, "empty_text"),
    ("single_choice", {"options": ["diffusion", "osmosis", "", "respiration"]}, "empty_text"),
    ("single_choice", {"question": "why? " * 500}, "too_long"),
    ("single_choice", {"options": ["diffusion", "osmosis", "digestion"]}, "wrong_shape"),
    ("single_choice", {"options": ["diffusion", "osmosis", "The  Diffusion.", "digestion"]}, "equal_options"),
    ("single_choice", {"answer": "transpiration"}, "answer_not_among_options"),
    ("single_choice", {"answer": "B"}, "answer_not_among_options"),
    ("single_choice", {"options": ["diffusion", "osmosis", "digestion", "All of the above"]}, "catch_all_option"),
    ("single_choice", {"options": ["diffusion", "osmosis", "digestion", "None of these."]}, "catch_all_option"),
    ("single_choice", {"options": ["diffusion", "osmosis", "digestion", "Both A and B"]}, "catch_all_option"),
    ("single_choice", {"options": ["diffusion", "osmosis", "slow osmosis", "digestion"]}, "two_right_options"),
    (
        "single_choice",
        {
            "question": "What do plants store in seeds?",
            "answer": "starch",
            "options": ["starch", "proteins", "iron", "gold"],
            "quote": "Plants store starch and proteins in seeds",
        },
        "two_right_options",
    ),
    (
        "single_choice",
        {"question": "Osmosis is the ____", "options": ["movement", "movement of water", "rest", "salt"],
         "answer": "rest"},
        "two_right_options",
    ),
    ("single_choice", {"answer": "diffusion"}, "wrong_option_marked"),
    ("single_choice", {"question": "What does osmosis move?"}, "answer_in_question"),
    ("single_choice", {"options": ["salt", "osmosis", "“salt”", "digestion"]}, "equal_options"),
    ("single_choice", {"options": ["salt", "osmosis", "ѕаlt", "digestion"]}, "equal_options"),
    ("single_choice", {"options": ["salt", "osmosis", "Keine der genannten Antworten", "heat"]}, "catch_all_option"),
    ("single_choice", {"options": ["salt", "osmosis", "Toutes les réponses", "heat"]}, "catch_all_option"),
    ("single_choice", {"options": ["salt", "osmosis"] * 10}, "wrong_shape"),
    (
        "single_choice",
        {"question": "____ store starch and proteins in seeds", "options": ["Plants", "osmosis", "heat", "salt"],
         "passage_id": "q"},
        "two_right_options",
    ),
    ("true_false", {"quote": f"{TEXT} " * 9}, "too_long"),
    ("true_false", {"question": "Osmosis moves\u0000 water."}, "unreadable_characters"),
    ("true_false", {"question": "Osmosis moves \u202eretaw."}, "unreadable_characters"),
    ("true_false", {"question": "Osmosis is movement of water, through the membrane", "answer": "false"},
     "false_statement_in_passage"),
    ("true_false", {"question": OSMOSIS, "answer": "false", "passage_id": "r", "quote": "an atom has one nucleus"},
     "false_statement_in_passage"),
    ("short_answer", {"answer": "5", "passage_id": "r", "quote": "and weighs 3.5 or 1,500"}, "answer_not_in_quote"),
    ("short_answer", {"answer": "1", "passage_id": "r", "quote": "and weighs 3.5 or 1,500"}, "answer_not_in_quote"),
    ("true_false", {"passage_id": "r", "quote": "5 or 1,500 units"}, "quote_not_in_passage"),
    ("true_false", {"passage_id": "r", "quote": "and weighs 3.5 or 1"}, "quote_not_in_passage"),
    ("short_answer", {"question": "Which seed stores starch?", "answer": "seeds",
                      "quote": "Plants store starch and proteins in seeds"}, "answer_in_question"),
    ("cloze", {"question": "Atoms: an ____ has one nucleus", "answer": "atom", "passage_id": "r",
               "quote": "an atom has one nucleus"}, "answer_in_question"),
    ("true_false", {"answer": "maybe"}, "wrong_shape"),
    ("true_false", {"question": f"{OSMOSIS}.", "answer": "false"}, "false_statement_in_passage"),
    ("short_answer", {"answer": "diffusion"}, "answer_not_in_quote"),
    ("short_answer", {"question": "What does osmosis move?"}, "answer_in_question"),
    ("cloze", {"question": "Osmosis is the movement of water through a membrane."}, "wrong_shape"),
    ("cloze", {"question": "____ is the ____ of water through a membrane."}, "wrong_shape"),
    ("cloze", {"question": "____ is a movement of water through a membrane."}, "gap_not_in_passage"),
    ("cloze", {"question": "____ is the"}, "gap_not_in_passage"),
    ("cloze", {"quote": "the movement of water through a membrane"}, "answer_not_in_quote"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "reason"), BAD_QUESTIONS)
def test_a_bad_question_is_dropped_with_its_reason(kind: str, changes: dict[str, Any], reason: Reason) -> None:
    assert judge_question(quiz_draft(kind, **changes), SOURCES) == reason


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        ("basic", {"back": "what is OSMOSIS?"}, "sides_equal"),
        ("basic", {"back": ""}, "empty_text"),
        ("basic", {"front": "Is osmosis a movement of water?", "back": "Movement of water."}, "answer_in_question"),
        (
            "cloze",
            {"text": "{{c1::Osmosis::osmosis}} is the movement of water through a membrane."},
            "answer_in_question",
        ),
        ("basic", {"quote": "invented words stand nowhere"}, "quote_not_in_passage"),
        ("cloze", {"text": "Osmosis is the movement of water through a membrane."}, "wrong_shape"),
        ("cloze", {"text": "{{c1::Osmosis}} is {{the}} movement of water through a membrane."}, "wrong_shape"),
        ("cloze", {"text": "{{c1::Osmosis}} is a movement of water through a membrane."}, "gap_not_in_passage"),
        ("cloze", {"quote": "the movement of water through a membrane"}, "answer_not_in_quote"),
    ],
)
def test_a_bad_card_is_dropped_with_its_reason(kind: str, changes: dict[str, Any], reason: Reason) -> None:
    assert judge_card(card_draft(kind, **changes), SOURCES) == reason


GOOD_QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("single_choice", {"options": ["(A) diffusion", "(b) osmosis", "(C) rest", "(D) heat"], "answer": "(B) osmosis"}),
    ("single_choice", {"options": ["1. diffusion", "2. osmosis", "3. rest", "4. heat"]}),
    ("single_choice", {"options": ["osmosis", "hepatitis A and B", "a poison for all of them", "heat"]}),
    ("single_choice", {"question": "Is it osmosis or diffusion?"}),
    ("single_choice", {"question": "Which number stands there?", "options": ["3.5", "5", "3", "500"], "answer": "3.5",
                       "passage_id": "r", "quote": "and weighs 3.5 or 1,500 units"}),
    ("single_choice", {"question": "Which sign?", "options": ["+", "-", ".", ","], "answer": "+"}),
    ("single_choice", {"question": "Which letter?", "options": ["a", "α", "v", "ν"], "answer": "ν",
                       "quote": "Plants store starch and proteins"}),
    ("short_answer", {"answer": "-20 units", "passage_id": "r", "quote": "units, but never -20 units"}),
    ("true_false", {"question": "Osmosis is the movement of water, not salt.", "answer": "false"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes"), GOOD_QUESTIONS)
def test_a_good_question_is_kept(kind: str, changes: dict[str, Any]) -> None:
    assert not isinstance(judge_question(quiz_draft(kind, **changes), SOURCES), str)


def test_labels_before_options_are_taken_away_since_options_are_shuffled() -> None:
    draft = quiz_draft("single_choice", options=["A) rest", "B) osmosis", "C) heat", "D) salt"], answer="B) osmosis")
    item = judge_question(draft, SOURCES)
    assert isinstance(item, SingleChoice)
    assert (item.options, item.answer) == (["rest", "osmosis", "heat", "salt"], 1)


@pytest.mark.parametrize(
    ("second", "verdict"),
    [
        pytest.param(quiz_draft("short_answer", question="WHAT is the movement of water – through a membrane?"),
                     "duplicate", id="same words"),
        pytest.param(quiz_draft("cloze"), "duplicate", id="same fact in another kind"),
        pytest.param(quiz_draft("single_choice", question="Name the movement of water through a membrane.",
                                options=["rest", "water", "heat", "a membrane"], answer="water", passage_id="q"),
                     "near_duplicate", id="nearly the same words"),
        pytest.param(quiz_draft("true_false", question="Seeds hold starch."), None, id="another"),
    ],
)  # fmt: skip
def test_nothing_is_asked_twice(second: QuizDraft, verdict: str | None) -> None:
    asked = Asked()
    first = judge_question(quiz_draft("short_answer"), SOURCES)
    item = judge_question(second, SOURCES)
    assert not isinstance(first, str)
    assert not isinstance(item, str)
    asked.remember(first)
    assert asked.repeats(item) == verdict


@given(st.data())
def test_a_quote_with_one_changed_word_is_never_believed(data: st.DataObject) -> None:
    passage_id, text = data.draw(st.sampled_from(passages()))
    tokens = text.split()
    start = data.draw(st.integers(0, len(tokens) - 10))
    quote = tokens[start : start + 10]
    quote[data.draw(st.integers(0, 9))] = data.draw(st.sampled_from(["quasar", "never", "unlike", "7777"]))
    draft = quiz_draft("true_false", passage_id=passage_id, quote=" ".join(quote))
    assert judge_question(draft, sources()) == "quote_not_in_passage"


@given(st.builds(QuizDraft, passage_id=st.sampled_from(["p", "q"]), quote=st.sampled_from([OSMOSIS, TEXT])))
def test_whatever_a_model_writes_gets_a_verdict(draft: QuizDraft) -> None:
    item = judge_question(draft, SOURCES)
    if not isinstance(item, str):
        assert item.quote in TEXT


def test_a_hundred_seeded_faults_are_caught() -> None:
    rng = random.Random(4)
    for kind, changes, _ in rng.choices(BAD_QUESTIONS, k=100):
        assert isinstance(judge_question(quiz_draft(kind, **changes), SOURCES), str)
