import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_service.study.folding import fold, folded, likeness, words
from fastapi_service.tests.study.chapter import CHAPTER

TOKENS = CHAPTER.split()
WHOLE = folded(CHAPTER)
RETYPESET = {"'": "’", '"': "“", "-": "‐", "fi": "ﬁ", "fl": "ﬂ", "é": "e\u0301"}


@given(st.integers(0, len(TOKENS) - 30), st.integers(4, 25), st.randoms(use_true_random=False))
def test_a_quote_is_found_however_it_is_typeset(start: int, length: int, rng: random.Random) -> None:
    quote = " ".join(TOKENS[start : start + length])
    for plain, typographic in RETYPESET.items():
        if rng.random() < 0.5:
            quote = quote.replace(plain, typographic)
    spaced = "".join(rng.choice([" ", "\n", "\t  ", "\u00a0"]) if sign == " " else sign for sign in quote)
    found = WHOLE.locate(spaced)
    assert found is not None
    assert found in CHAPTER
    assert found.split() == TOKENS[start : start + length] or fold(found) == fold(quote)


@given(st.text(), st.text(min_size=1), st.text())
def test_what_is_located_is_a_piece_of_the_original_and_folds_to_the_same(before: str, middle: str, after: str) -> None:
    found = folded(before + middle + after).locate(middle)
    if found is not None:
        assert found in before + middle + after
        assert fold(found) == fold(middle)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Z"])))
def test_a_text_with_words_holds_itself(text: str) -> None:
    assert folded(text).holds(text) == bool(fold(text))


@pytest.mark.parametrize(
    ("text", "quote", "holds"),
    [
        pytest.param("the concatenation", "cat", False, id="part of a word"),
        pytest.param("Élan vital", "elan", False, id="other letters"),
        pytest.param("a photo-\nsynthesis", "photosynthesis", True, id="broken at the end of a line"),
        pytest.param("light-dependent", "lightdependent", True, id="hyphen"),
        pytest.param("from - to", "from – to", True, id="dash"),
        pytest.param("10-6 and 106", "10-6", True, id="minus between digits"),
        pytest.param("106 only", "10-6", False, id="minus is no hyphen"),
        pytest.param("光合作用是过程", "作用", True, id="Chinese has no word borders"),
        pytest.param("soft\u00adhyphen", "softhyphen", True, id="soft hyphen"),
        pytest.param("CO₂ rises", "CO2 rises", True, id="subscript"),
        pytest.param("about 3.5 km", "5 km", False, id="part of a decimal"),
        pytest.param("about 3.5 km", "about 3", False, id="start of a decimal"),
        pytest.param("1,500 men", "500 men", False, id="part of thousands"),
        pytest.param("It is -5 °C.", "5 °C", False, id="without its sign"),
        pytest.param("from 1914–18 on", "18 on", True, id="end of a range"),
        pytest.param("1914, 1918. 3 more", "1918", True, id="number in a list"),
        pytest.param("", "", False, id="nothing"),
    ],
)
def test_words_stand_in_a_text_or_do_not(text: str, quote: str, *, holds: bool) -> None:
    assert folded(text).holds(quote) is holds


def test_words_of_a_script_without_spaces_are_pairs() -> None:
    assert words("光合作用 Light") == ["光合", "合作", "作用", "light"]


@given(st.frozensets(st.integers()), st.frozensets(st.integers()))
def test_likeness_is_symmetric_and_one_only_for_equals(one: frozenset[int], other: frozenset[int]) -> None:
    one_words, other_words = (frozenset(map(str, each)) for each in (one, other))
    assert likeness(one_words, other_words) == likeness(other_words, one_words)
    assert (likeness(one_words, other_words) == 1) == (one == other)
