from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.study.items import SingleChoice
from fastapi_service.study.shuffling import random_from, shuffled

CHI_SQUARE_999 = 16.27  # 3 degrees of freedom, exceeded once in a thousand


def choice(answer: int) -> SingleChoice:
    return SingleChoice(
        passage_id="p",
        quote="q",
        question="?",
        explanation="e",
        difficulty="easy",
        options=["a", "b", "c", "d"],
        answer=answer,
    )


@given(st.integers(0, 3), st.integers(0, 2**63))
def test_the_right_option_stays_right(answer: int, seed: int) -> None:
    item = shuffled(choice(answer), random_from(seed))
    assert sorted(item.options) == ["a", "b", "c", "d"]
    assert item.options[item.answer] == "abcd"[answer]
    assert item == shuffled(choice(answer), random_from(seed))


def test_each_position_is_equally_likely_wherever_the_model_puts_the_answer() -> None:
    rng = random_from(11)
    places = Counter(shuffled(choice(1), rng).answer for _ in range(2000))
    assert sum((places[place] - 500) ** 2 / 500 for place in range(4)) < CHI_SQUARE_999


def test_without_a_seed_nobody_can_foretell_the_order() -> None:
    orders = {tuple(shuffled(choice(0), random_from(None)).options) for _ in range(200)}
    assert len(orders) > 12
