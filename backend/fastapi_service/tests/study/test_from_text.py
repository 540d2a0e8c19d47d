"""What the text alone gives: right by construction, and sensible to a student."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.study.collection import CARDS, QUIZ
from fastapi_service.study.folding import fold, folded
from fastapi_service.study.from_text.material import Material
from fastapi_service.study.from_text.sentences import sentences, stands_alone
from fastapi_service.study.items import (
    CARD_KINDS,
    QUIZ_KINDS,
    BasicCard,
    Cloze,
    ClozeCard,
    ShortAnswer,
    SingleChoice,
    Sources,
    TrueFalse,
)
from fastapi_service.tests.study.built import SEEDS, made, quiz
from fastapi_service.tests.study.chapter import CHAPTER, sources

SLOWEST_S = 10.0  # for the longest text that a request may hold, on a busy machine


def test_the_chapter_is_long_enough() -> None:
    assert len(CHAPTER.split()) >= 3000


@pytest.mark.parametrize("seed", SEEDS)
def test_a_chapter_gives_ten_questions_and_twenty_cards(seed: int) -> None:
    questions = made(QUIZ, sources(), QUIZ_KINDS, count=10, seed=seed)
    cards = made(CARDS, sources(), CARD_KINDS, count=20, seed=seed)
    assert (len(questions.items), len(cards.items)) == (10, 20)
    assert not questions.dropped + cards.dropped
    assert {item.kind for item in questions.items} == set(QUIZ_KINDS)
    assert {card.kind for card in cards.items} == set(CARD_KINDS)
    assert len({item.passage_id for item in questions.items}) >= 6
    for item in (*questions.items, *cards.items):
        source = sources().get(item.passage_id)
        assert source
        assert item.quote in source.text


def test_the_same_seed_gives_the_same_items_and_another_seed_others() -> None:
    first = made(QUIZ, sources(), QUIZ_KINDS, count=10, seed=3).items
    assert first == quiz(seed=3)
    assert first != quiz(seed=4)


def test_no_item_leans_on_its_neighbours_or_gives_itself_away() -> None:
    items = [item for seed in SEEDS for item in quiz(count=40, seed=seed)]
    for item in items:
        if isinstance(item, SingleChoice | TrueFalse | Cloze):
            assert not re.match(r"(It|This|These|They|He|She|Its|Their|However|The process)\b", item.question)
            assert not re.search(r"\b(this|these|we|us|above|below)\b", item.question)
        if isinstance(item, Cloze | ShortAnswer):
            assert not folded(item.question).holds(item.answer)


def test_cards_ask_in_whole_questions_or_sentences() -> None:
    for card in made(CARDS, sources(), CARD_KINDS, count=60).items:
        if isinstance(card, BasicCard):
            assert re.fullmatch(r"What (is|are) [^A-Z].*\?|What is the (Bohr|loop).*\?", card.front)
            assert re.fullmatch(r"[A-Z].*\.", card.back)
        if isinstance(card, ClozeCard):
            assert card.text.count("{{c1::") == 1


FOREIGN = {
    "German": "Im Jahr 1804 zeigte Nicolas-Théodore de Saussure, dass Wasser verbraucht wird. Die Photosynthese findet "
    "in den Chloroplasten einer jeden Pflanze statt. Ohne Photosynthese gäbe es in der Luft keinen Sauerstoff mehr. "
    "Die Photosynthese der Algen ist ebenso wichtig wie die der Bäume.",
    "French": "En 1804, Nicolas de Saussure montra que l'eau est consommée par la plante. La photosynthèse a lieu dans "
    "les feuilles vertes de toutes les plantes. Sans photosynthèse il n'y aurait pas d'oxygène dans l'air. "
    "La photosynthèse des algues est aussi importante que celle des arbres.",
    "Chinese": "光合作用是植物利用光能把二氧化碳和水转化为有机物的过程。1804年，索绪尔证明了水参与光合作用。",
}
ODD = {
    "nothing": " \n\n ",
    "code": "def f(x):\n    return x + 1\n\nfor i in range(10):\n    print(i); f(i)\n" * 20,
    "table": "| cell | wall |\n|---|---|\n| 1 | 2 |\n" * 30,
    "formulas": r"The energy is $E = mc^2$ where $m$ is the mass. \begin{equation} a = b \end{equation}" * 10,
    "questions": "What is osmosis? Why does it matter to a plant at all? " * 5,
    "Arabic": "تطلق النباتات الأكسجين في الهواء أثناء النهار. يأتي الأكسجين من الماء.",
    "leaning": "It is a process of great importance to all plants. This process needs light and water. " * 3,
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_other_languages_give_fewer_items_in_their_own_words(text: str) -> None:
    foreign = Sources([("p", text)])
    found = [*made(QUIZ, foreign, QUIZ_KINDS, count=10).items, *made(CARDS, foreign, CARD_KINDS, count=10).items]
    assert found
    for item in found:
        assert item.quote in text
        if not isinstance(item, BasicCard | ClozeCard):
            assert fold(item.explanation) == fold(item.quote)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_text_without_facts_gives_nothing_rather_than_nonsense(text: str) -> None:
    odd = Sources([("p", text)])
    assert made(QUIZ, odd, QUIZ_KINDS, count=10).items == []
    assert made(CARDS, odd, CARD_KINDS, count=10).items == []


WORDS = [
    *CHAPTER.split()[:99],
    "is",
    "a",
    "the",
    ".",
    "1804",
    "\n\n",
    "- ",
    "# ",
    "____",
    "{{c1::x}}",
    "|",
    "光合作用。",
]


@given(st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join) | st.text(max_size=300), st.integers(0, 9))
def test_no_text_breaks_it_and_all_that_it_makes_passes_the_checks(text: str, seed: int) -> None:
    strange = Sources([("p", text)])
    for item in (
        *made(QUIZ, strange, QUIZ_KINDS, count=20, seed=seed).items,
        *made(CARDS, strange, CARD_KINDS, count=20, seed=seed).items,
    ):
        assert item.quote in text


@pytest.mark.parametrize("piece", ["a", "A ", "A. ", "____ ", "The x is a ", "12 345 ", "- a\n", "a-\n", "Van De "])
def test_no_text_takes_long(piece: str) -> None:
    started = time.perf_counter()
    Material.of(Sources([("p", piece * (200_000 // len(piece)))]))
    assert time.perf_counter() - started < SLOWEST_S


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Dr. Watson met J. D. Crick. Both won.", ["Dr. Watson met J. D. Crick.", "Both won."], id="names"),
        pytest.param("It is 3.5 km, e.g. Here. Next one.", ["It is 3.5 km, e.g. Here.", "Next one."], id="short forms"),
        pytest.param("# Cells\n\nCells live.\n\nWalls\n\n- Walls hold.\n- Water flows.",
                     ["Cells live.", "Walls hold.", "Water flows."], id="headings and lists"),
        pytest.param("Cells\nlive long. “Do they?” Yes!", ["Cells live long.", "“Do they?”", "Yes!"], id="wrapped"),
        pytest.param("水是液体。冰是固体。", ["水是液体。", "冰是固体。"], id="Chinese"),
        pytest.param("```\nCode is here.\n```\nText is here.", ["Text is here."], id="code"),
    ],
)  # fmt: skip
def test_sentences(text: str, found: list[str]) -> None:
    assert list(sentences(text)) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "It is made in the brain and released by a small gland.",
        "This process needs a lot of energy in every cell.",
        "The process needs a lot of energy in every cell.",
        "Peter Agre found the first of them in 1992 by accident.",
        "At any moment they hold about 65 percent of all the blood.",
        "Under its influence small pores are built into the cells.",
        "Max Perutz worked for twenty-two years until he had found its structure.",
        "As we have seen above, plants need water and light.",
        "For example, a plant without light turns yellow and dies.",
        "Doctors still give it in millimetres of mercury to the present day.",
        "In a healthy young adult it rises to about 120 millimetres of mercury.",
        "In 2011 Johannes Krause and his colleagues read its genome from old teeth.",
        "Lords in the east, by contrast, were strong enough to bind their peasants.",
        "The rebels burned a palace of the duke and beheaded a bishop.",
        "The miller could not recover what he had lost by the delay.",
        "John Maynard Keynes stressed the demand for goods instead.",
        "Each answer has a time to live, often 300 seconds or more.",
        "Most programs then double the number of buckets and insert all entries.",
    ],
)
def test_a_sentence_that_leans_on_another_is_not_asked_about(sentence: str) -> None:
    assert not stands_alone(sentence, english=True)


def test_a_name_is_taken_whole() -> None:
    text = "In the year 1820 the physicist Hans Christian Ørsted noticed that a compass needle turns near a current."
    text += " In many towns of the Lower Rhineland the Jews were accused, and lords East of the Elbe were strong."
    text += " The Bank of England was made to lend money to a poor king. Most of it went to the fleet of England."
    facts = Material.of(Sources([("p", text)])).facts
    names = {fact.answer for fact in facts if fact.kind == "name"}
    assert names == {"Hans Christian Ørsted", "Lower Rhineland", "Bank of England"}
    assert not [fact for fact in facts if fact.with_answer("").startswith("The Bank of ")]


def test_definitions_end_where_another_clause_begins_and_ask_in_their_own_tense() -> None:
    text = (
        "A counter-offer is a reply that changes the terms of an offer, and it ends the original offer. The offeree "
        "is the person to whom an offer is made. Serfs were peasants who were bound to the land of a lord. A manor was "
        "an estate that a lord held. A battle was the end of a long siege near the town."
    )
    cards = made(CARDS, Sources([("p", text)]), ["basic"], count=9).items
    assert {(card.front, card.back) for card in cards if isinstance(card, BasicCard)} == {
        ("What is a counter-offer?", "A reply that changes the terms of an offer."),
        ("Who is the offeree?", "The person to whom an offer is made."),
        ("What were serfs?", "Peasants who were bound to the land of a lord."),
        ("What was a manor?", "An estate that a lord held."),
    }


def test_a_noun_of_a_set_phrase_is_not_asked_for() -> None:
    text = "Most of the sailors on board were dead or dying. A ship drifted ashore with no living soul on board."
    assert not [fact for fact in Material.of(Sources([("p", text)])).facts if fact.answer == "board"]
