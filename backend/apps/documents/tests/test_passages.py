"""Passages: laws that hold for any text, and what a student would expect of the choice."""

import string
from itertools import groupby, pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apps.documents.passages import Passage, SourcePage, passage_tokens, passages_choose, passages_of
from apps.documents.tests.course import PAGES

COURSE = UUID(int=1)
law = settings(deadline=None)  # the machine may be busy; a slow example breaks no law
texts = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from([" ", "\n", "\n\n", ". ", "? “", "光合作用。", "word ", "x" * 700, "\t", "\u00a0"]),
        st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), max_size=60).map(" ".join),
    ),
    max_size=40,
).map("".join)


def page_of(text: str, number: int = 1, *, document_id: UUID = COURSE, filename: str = "course.pdf") -> SourcePage:
    return SourcePage(document_id, filename, number, f"page {number}", text)


def course_passages() -> list[Passage]:
    return passages_of(page_of(f"{title}\n\n{text}", number) for number, (title, text) in enumerate(PAGES, 1))


@law
@given(st.lists(texts, max_size=4))
def test_each_passage_stands_in_its_page_word_for_word(pages: list[str]) -> None:
    for passage in passages_of(page_of(text, number) for number, text in enumerate(pages)):
        assert passage.text == pages[passage.page][passage.start : passage.end]
        assert passage.text == passage.text.strip() != ""


@law
@given(texts)
def test_all_that_is_no_space_is_in_exactly_one_passage(text: str) -> None:
    passages = passages_of([page_of(text)])
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(passages))


@law
@given(texts)
def test_no_passage_is_much_longer_than_the_rest(text: str) -> None:
    assert all(len(passage.text.split()) <= 230 for passage in passages_of([page_of(text)]))


def test_passages_end_with_sentences() -> None:
    sentence = "The light reactions take place in the thylakoid membrane of the chloroplast. "
    passages = passages_of([page_of(sentence * 60)])
    assert len(passages) > 3
    assert all(passage.text.endswith(".") for passage in passages)
    assert all(100 <= len(passage.text.split()) <= 230 for passage in passages)


@law
@example(pages=[], question="", budget=-1)
@given(st.lists(texts, max_size=6), st.text(max_size=60), st.integers(min_value=-10, max_value=3000))
def test_a_choice_fits_into_the_budget_in_reading_order(pages: list[str], question: str, budget: int) -> None:
    passages = passages_of(page_of(text, number) for number, text in enumerate(pages))
    selection = passages_choose(passages=passages, question=question, budget_tokens=budget)
    assert sum(passage_tokens(passage) for passage in selection.passages) <= max(budget, 0)
    chosen = set(selection.passages)
    assert [passage for passage in passages if passage in chosen] == list(selection.passages)
    assert selection.total == len(passages) == len(selection.passages) + selection.left_out
    assert bool(selection.note) == bool(selection.left_out)
    assert selection == passages_choose(passages=passages, question=question, budget_tokens=budget)


def test_everything_is_taken_when_it_fits() -> None:
    passages = course_passages()
    selection = passages_choose(passages=passages, question="anything", budget_tokens=100_000)
    assert list(selection.passages) == passages
    assert (selection.left_out, selection.pages_left_out, selection.note) == (0, 0, "")


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("Which enzyme catches carbon dioxide in maize?", 10),
        ("Who received a Nobel Prize for the chemiosmotic mechanism?", 7),
        ("What did van Helmont weigh?", 2),
        ("How does abscisic acid act on a stoma?", 3),
        ("de Saussure, Nicolas Theodore", 2),
        ('"P680" OR NEAR(', 6),
        ("What is on page 11?", 11),
        ("summarise p. 5 please", 5),
    ],
)
def test_a_question_finds_its_page(question: str, page: int) -> None:
    selection = passages_choose(passages=course_passages(), question=question, budget_tokens=600)
    assert page in {passage.page for passage in selection.passages}
    assert selection.pages_left_out == 12 - len(selection.passages)


def test_a_word_broken_by_a_line_and_a_ligature_are_found() -> None:
    filler = [page_of("Nothing to see here. " * 30, number) for number in range(1, 9)]
    for text in ("Plants do photo-\nsynthesis by day.", "An e\ufb03cient leaf does photosynthesis."):
        passages = passages_of([*filler, page_of(text, 9)])
        word = "photosynthesis" if "-" in text else "efficient"
        selection = passages_choose(passages=passages, question=f"What is {word}?", budget_tokens=200)
        assert [passage.text for passage in selection.passages] == [text]


@pytest.mark.parametrize("question", ["summarise this", "Résume les points importants de ce cours", "???", ""])
def test_a_question_about_the_whole_gets_the_beginning_and_parts_of_all(question: str) -> None:
    passages = passages_of(page_of(f"Chapter {number}. " + "Some words. " * 60, number) for number in range(1, 101))
    selection = passages_choose(passages=passages, question=question, budget_tokens=3000)
    pages = [passage.page for passage in selection.passages]
    assert pages[:3] == [1, 2, 3]
    assert max(after - before for before, after in pairwise(pages)) <= 30
    assert "the beginning and parts from all over" in selection.note


def test_each_file_gets_its_share_of_a_question_about_the_whole() -> None:
    files = {"a.pdf": uuid4(), "b.pdf": uuid4()}
    pages = [
        page_of("Some words. " * 60, number, document_id=document_id, filename=filename)
        for filename, document_id in files.items()
        for number in range(1, 21)
    ]
    selection = passages_choose(passages=passages_of(pages), question="summarise these", budget_tokens=2500)
    counts = [len(list(group)) for _, group in groupby(selection.passages, key=lambda passage: passage.filename)]
    assert len(counts) == 2
    assert abs(counts[0] - counts[1]) <= 1


def test_what_was_left_out_is_said() -> None:
    selection = passages_choose(passages=course_passages(), question="What is Kranz anatomy?", budget_tokens=450)
    assert selection.note == (
        "1 of 12 passages of the files fit into this question; they were chosen by its words. "
        "Not included: pages 1 to 9 and 11 to 12 of course.pdf."
    )
