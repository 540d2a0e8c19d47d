"""Wrong options and false statements: surely wrong, and of the same kind as the right ones."""

import re

import pytest

from fastapi_service.study.folding import folded
from fastapi_service.study.from_text.distractors import Distractors
from fastapi_service.study.from_text.material import Material
from fastapi_service.study.items import GAP, SingleChoice, Sources, TrueFalse
from fastapi_service.study.shuffling import random_from
from fastapi_service.tests.study.built import SEEDS, questions, quiz
from fastapi_service.tests.study.chapter import CHAPTER

WHOLE = folded(CHAPTER)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_marked_option_makes_a_sentence_of_the_text(seed: int) -> None:
    items = quiz(("single_choice",), count=12, seed=seed)
    assert len(items) == 12
    for item in items:
        assert isinstance(item, SingleChoice)
        right = [option for option in item.options if WHOLE.holds(item.question.replace(GAP, option).rstrip("."))]
        assert right == [item.options[item.answer]]
        wrong = [option for place, option in enumerate(item.options) if place != item.answer]
        assert all(WHOLE.holds(option) for option in wrong), "taken from the text"
        assert not any(folded(item.quote).holds(option) for option in wrong)
        assert len({bool(re.search(r"\d", option)) for option in item.options}) == 1, "of one kind"


@pytest.mark.parametrize("seed", SEEDS)
def test_true_statements_stand_in_the_text_and_false_ones_do_not(seed: int) -> None:
    items = quiz(("true_false",), count=20, seed=seed)
    assert len(items) == 20
    answers = [item.answer for item in items if isinstance(item, TrueFalse)]
    assert abs(sum(answers) - 10) <= 1, "as many true ones as false ones"
    assert len(set(answers[:4])) == 2
    for item in items:
        assert WHOLE.holds(item.question) == item.answer


def test_what_is_a_kind_of_the_answer_is_no_wrong_option() -> None:
    text = (
        "An enzyme is a protein that speeds up a reaction in a cell. Rubisco is an enzyme that fixes carbon dioxide in "
        "leaves. Osmosis is the movement of water through a membrane. A stoma is a pore in the skin of a leaf. "
        "A plant cell is a tiny unit with a wall around it. A guard cell is a cell that opens a pore in a leaf. "
        "Turgor is the pressure of water against a wall of cells. Xylem is the tissue that carries water in plants."
    )
    material = Material.of(Sources([("p", text)]))
    wrong = {fact.answer: Distractors(material, random_from(1)).of(fact) for fact in material.facts if fact.verb}
    assert "xylem" in wrong["enzyme"]
    assert "rubisco" not in wrong["enzyme"]
    assert "a stoma" in wrong["plant cell"]
    assert "a guard cell" not in wrong["plant cell"]


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        pytest.param("Trained rowers have reached more than 35 litres in a race.", {"42", "80"}, id="more than"),
        pytest.param("Trained rowers need no less than 35 litres in a race.", {"42", "80"}, id="no less than"),
        pytest.param("Trained rowers drink at most 35 litres in a long race.", {"20", "12"}, id="at most"),
        pytest.param("Trained rowers drink no more than 35 litres in a race.", {"20", "12"}, id="no more than"),
        pytest.param("Trained rowers drink some 35 litres in a long race.", {"20", "12", "42", "80"}, id="some"),
        pytest.param("For trained rowers 35 litres are enough in a race.", set(), id="enough"),
    ],
)
def test_a_number_that_would_be_right_too_is_no_wrong_answer(sentence: str, wrong: set[str]) -> None:
    others = " ".join(
        f"A big tank of type {name} holds about {size} litres of oil."
        for name, size in (("K", 20), ("L", 12), ("M", 42), ("N", 80))
    )
    material = Material.of(Sources([("p", f"{sentence} {others}")]))
    fact = next(fact for fact in material.facts if fact.answer == "35")
    assert set(Distractors(material, random_from(1)).of(fact)) == wrong


@pytest.mark.parametrize(
    ("word", "wrong"),
    [("in", {"1420", "1460", "1540", "1590"}), ("by", {"1420", "1460"}), ("since", {"1420", "1460"}),
     ("until", {"1540", "1590"})],
)  # fmt: skip
def test_a_year_that_would_be_right_too_or_is_far_away_is_no_wrong_answer(word: str, wrong: set[str]) -> None:
    text = " ".join(
        [
            f"Serfs were not seen on any English farm {word} 1500.",
            *(
                f"A fire of great heat burned many houses of {city} in {year}."
                for city, year in (("Bath", 1420), ("York", 1460), ("Kent", 1540), ("Ely", 1590), ("Rome", 1990))
            ),
        ]
    )
    material = Material.of(Sources([("p", text)]))
    fact = next(fact for fact in material.facts if fact.answer == "1500")
    assert set(Distractors(material, random_from(1)).of(fact)) == wrong


def test_a_person_is_not_taken_for_a_place_nor_a_college_for_a_person() -> None:
    text = (
        "Alexandre Yersin discovered a bacterium of rodents in Hong Kong. Simon Sudbury preached to many people in New "
        "Delhi. Johannes Krause read old genomes with much care in East Smithfield. Wat Tyler led many people of Kent "
        "to Saint Albans. Corpus Christi College was founded by two guilds of Cambridge. John Ball lived for years in "
        "Monte Carlo. Gold was found in the west of Asia Minor by a poor king."
    )
    material = Material.of(Sources([("p", text)]))
    classes = {fact.answer: fact.meaning for fact in material.facts if fact.kind == "name"}
    assert {name for name, each in classes.items() if each == "place"} == {
        "Hong Kong", "New Delhi", "East Smithfield", "Saint Albans", "Monte Carlo",
    }  # fmt: skip
    assert (classes["Corpus Christi College"], classes["Asia Minor"]) == ("body", "thing")
    for item in questions(text, ["single_choice", "true_false"]):
        assert not re.search(r"(?<!in )(Hong Kong|New Delhi|East Smithfield|Monte Carlo)", item.question)
        if isinstance(item, SingleChoice):
            assert len({classes[option] for option in item.options}) == 1


def test_no_option_is_known_by_a_word_of_the_question_alone() -> None:
    text = (
        "A unilateral contract is a contract in which one party promises something. Duress is the use of threats to "
        "force a person to sign. Acceptance is the agreement of a buyer to all terms. Mitigation is the duty to keep a "
        "loss small. Frustration is the end of a bond by an event. Rescission is the return of both sides to the start."
    )
    items = questions(text, ["single_choice"])
    assert items
    assert not any(item.quote.startswith("A unilateral") for item in items)
