"""Passages: laws that hold for any text."""

import string
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apps.documents.passages import SourcePage, passages_of
from apps.documents.passages.parts import PARTS_MAX, parts_of

COURSE = UUID(int=1)
texts = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from([" ", "\n", "\n\n", ". ", "? “", "光合作用。", "word ", "x" * 700, "\t", "\u00a0"]),
        st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), max_size=60).map(" ".join),
    ),
    max_size=40,
).map("".join)


def page_of(text: str, number: int = 1) -> SourcePage:
    return SourcePage(COURSE, "course.pdf", number, f"page {number}", text)


@given(st.lists(texts, max_size=4))
def test_each_passage_stands_in_its_page_word_for_word(pages: list[str]) -> None:
    for passage in passages_of(page_of(text, number) for number, text in enumerate(pages)):
        assert passage.text == pages[passage.page][passage.start : passage.end]
        assert passage.text == passage.text.strip() != ""


@given(texts)
def test_all_that_is_no_space_is_in_exactly_one_passage(text: str) -> None:
    passages = passages_of([page_of(text)])
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(passages))


@given(texts)
def test_no_passage_is_much_longer_than_the_rest(text: str) -> None:
    assert all(len(passage.text.split()) <= 230 for passage in passages_of([page_of(text)]))


def test_passages_end_with_sentences() -> None:
    sentence = "The light reactions take place in the thylakoid membrane of the chloroplast. "
    passages = passages_of([page_of(sentence * 60)])
    assert len(passages) > 3
    assert all(passage.text.endswith(".") for passage in passages)
    assert all(100 <= len(passage.text.split()) <= 230 for passage in passages)


@given(texts)
def test_the_parts_of_a_passage_hold_all_of_it(text: str) -> None:
    for passage in passages_of([page_of(text)]):
        parts = parts_of(passage.text)
        assert 1 <= len(parts) <= PARTS_MAX
        assert "".join("".join(part.split()) for part in parts) == "".join(passage.text.split())
        assert all(part in passage.text for part in parts)
