from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from apps.chat.prompts import Files, Turn, budget_of, prompt_build
from apps.core.tokens import tokens_estimate
from apps.documents.passages import SourcePage, passage_tokens, passages_of
from apps.documents.retrieval.selection import Selection

OVERHEAD_TOKENS = 400  # system prompt, marks and the note about what was left out


def history_of(sizes: list[int]) -> list[Turn]:
    return [
        turn
        for number, size in enumerate(sizes)
        for turn in (Turn("user", f"q{number} " * size), Turn("assistant", f"a{number} " * size))
    ]


def book(words: int) -> Files:
    text = " ".join(f"Word{number} stands here." for number in range(words))
    passages = passages_of([SourcePage(uuid4(), "book.pdf", 1, "page 1", text)])

    def select(budget_tokens: int) -> Selection:
        taken = []
        for passage in passages:
            budget_tokens -= passage_tokens(passage)
            if budget_tokens >= 0:
                taken.append(passage)
        return Selection(tuple(taken), tuple(range(len(taken))), len(passages))

    return Files(["book.pdf: 1 pages."], select)


@given(
    question=st.text(min_size=1, max_size=300),
    sizes=st.lists(st.integers(1, 200), max_size=12),
    budget=st.integers(200, 6000),
    words=st.sampled_from([0, 200, 3000]),
)
def test_the_question_is_whole_and_the_rest_keeps_to_the_budget(
    question: str, sizes: list[int], budget: int, words: int
) -> None:
    built = prompt_build(
        question=question, history=history_of(sizes), files=book(words) if words else None, budget_tokens=budget
    )
    roles = [message["role"] for message in built.messages]
    assert roles[0] == "system"
    assert roles[1:] == ["user", "assistant"] * ((len(roles) - 2) // 2) + ["user"]
    assert built.messages[-1]["content"].endswith(question)
    total = sum(tokens_estimate(message["content"]) for message in built.messages)
    assert total <= max(budget, tokens_estimate(question)) + OVERHEAD_TOKENS


def test_a_history_that_fits_is_whole_and_says_nothing() -> None:
    built = prompt_build(question="And?", history=history_of([1, 1]), files=None, budget_tokens=2000)
    assert len(built.messages) == 6
    assert built.notices == ()


def test_a_history_that_is_cut_says_so() -> None:
    built = prompt_build(question="And?", history=history_of([500, 1]), files=None, budget_tokens=500)
    assert [notice.code for notice in built.notices] == ["history_cut"]
    assert [message["content"][:2] for message in built.messages[1:]] == ["q1", "a1", "An"]


def test_passages_are_numbered_as_they_are_cited() -> None:
    built = prompt_build(question="Which?", history=(), files=book(60), budget_tokens=4000)
    assert f"[1] book.pdf, page 1:\n| {built.passages[0].text}" in built.messages[-1]["content"]


def test_the_budget_is_that_of_the_provider_asked_first() -> None:
    models = {
        "default": "small",
        "providers": [
            {"name": "small", "prompt_budget_tokens": 1000},
            {"name": "large", "prompt_budget_tokens": 90_000},
        ],
    }
    assert budget_of(models, provider="", cap_tokens=8000) == 1000
    assert budget_of(models, provider="large", cap_tokens=8000) == 8000
    assert budget_of({}, provider="", cap_tokens=8000) == 8000
