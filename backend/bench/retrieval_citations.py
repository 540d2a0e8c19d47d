"""Whether what is shown as the source of a claim is one: exact, on the right page, and marked where it says no such."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apps.chat.citations import sources_of
from apps.documents.models import Document, DocumentPage
from apps.documents.passages import Passage
from apps.documents.passages.quotes import find_quote
from apps.documents.retrieval.retrieve import retrieve
from apps.documents.retrieval.vectors import QueryVector
from bench.retrieval_questions import Question

BUDGET_TOKENS = 4_000  # of passages, as a prompt of a small model has


@dataclass(frozen=True)
class Prompt:
    """A question with the passages that a prompt on it has; those of `right` stand on a page that answers it."""

    question: Question
    passages: Sequence[Passage]

    @property
    def right(self) -> list[int]:
        return [n for n, each in enumerate(self.passages, 1) if (each.filename, each.page) in self.question.pages]

    @property
    def quoted(self) -> int | None:
        """The number of the passage that has the answer's quote, if it is in the prompt."""
        numbers = (n for n in self.right if find_quote(self.passages[n - 1].text, self.question.quote))
        return next(numbers, None)


def prompt_on(documents: Sequence[Document], question: Question, vector: QueryVector | None) -> Prompt:
    chosen = retrieve(documents=documents, question=question.text, query_vector=vector, budget_tokens=BUDGET_TOKENS)
    return Prompt(question, chosen.passages)


@dataclass
class Quoted:
    """Answers that quote a passage of their prompt: how many, and of them those of which each thing holds."""

    answers: int = 0
    exact: int = 0  # what is shown stands at its place of the page, word for word
    right_page: int = 0
    verified: int = 0
    changed: int = 0  # the same quotes with two words exchanged, a number changed, or another passage named
    changed_marked: int = 0  # as not found


def quotes_checked(documents: Sequence[Document], given: Sequence[Prompt]) -> Quoted:
    """Each answer's quote, as it is and spoilt, is cited like an answer would."""
    names = {document.pk: document.filename for document in documents}
    counts = Quoted()
    for prompt in given:
        if (n := prompt.quoted) is None:
            continue
        (part,) = sources_of(f"As it says: “{prompt.question.quote}” [{n}].", prompt.passages)
        counts.answers += 1
        counts.exact += is_exact(part)
        counts.right_page += (names.get(_id(part)), part["page"]) in prompt.question.pages
        counts.verified += part["verified"]
        for text, number in _spoilt(prompt, n):
            (part,) = sources_of(f"As it says: “{text}” [{number}].", prompt.passages)
            counts.changed += 1
            counts.changed_marked += not part["verified"]
    return counts


def _id(part: dict[str, Any]) -> Any:
    """Any: a part of JSON, and a key of the database."""
    return next(pk for pk in (Document.objects.filter(pk=part["document_id"]).values_list("pk", flat=True)))


def is_exact(part: dict[str, Any]) -> bool:
    """Whether the quote of a part (Any: JSON) stands where it says."""
    page = DocumentPage.objects.get(document=part["document_id"], number=part["page"])
    return bool(part["quote"]) and page.text[part["start"] : part["end"]] == part["quote"]


def _spoilt(prompt: Prompt, n: int) -> Iterator[tuple[str, int]]:
    quote = prompt.question.quote
    words = quote.split()
    if len(words) > 3 and words[1].casefold() != words[-2].casefold():
        yield " ".join([words[0], words[-2], *words[2:-2], words[1], words[-1]]), n
    if digits := [c for c in quote if c.isdigit()]:
        yield quote.replace(digits[0], str((int(digits[0]) + 1) % 10)), n
    others = (k for k, each in enumerate(prompt.passages, 1) if not find_quote(each.text, quote))
    if other := next(others, None):
        yield quote, other


@dataclass
class Claims:
    """Claims in words of their own: of each kind how many there are and how many were verified."""

    true: int = 0
    true_verified: int = 0
    false: int = 0
    false_verified: int = 0
    misplaced: int = 0  # true, of a passage of the prompt that does not say so
    misplaced_verified: int = 0

    @property
    def precision(self) -> float:
        """Of what is shown as verified, the percentage that is true."""
        shown = self.true_verified + self.false_verified + self.misplaced_verified
        return 100 * self.true_verified / max(1, shown)

    @property
    def recall(self) -> float:
        """Of what is true, the percentage that is shown as verified."""
        return 100 * self.true_verified / max(1, self.true)


def claims_checked(pages: Sequence[Passage], asked: Sequence[Question]) -> Claims:
    """Each claim, true and false, is held against the passage that has its quote, and against one of another page."""
    counts = Claims()
    for at, question in enumerate(asked):
        if not question.claim:
            continue
        own = next(each for each in pages if _is_of(each, question) and find_quote(each.text, question.quote))
        counts.true += 1
        counts.true_verified += _is_verified(question.claim, own)
        if question.wrong:
            counts.false += 1
            counts.false_verified += _is_verified(question.wrong, own)
        other = _another(pages, asked, at)
        counts.misplaced += 1
        counts.misplaced_verified += _is_verified(question.claim, other)
    return counts


def _is_of(passage: Passage, question: Question) -> bool:
    return (passage.filename, passage.page) in question.pages


def _another(pages: Sequence[Passage], asked: Sequence[Question], at: int) -> Passage:
    """A passage of the same file that answers the next question on it: near in subject, and does not say so."""
    question = asked[at]
    later = (*asked[at + 1 :], *asked[:at])
    next_one = next(each for each in later if each.document == question.document and not each.pages & question.pages)
    return next(each for each in pages if _is_of(each, next_one) and find_quote(each.text, next_one.quote))


def _is_verified(claim: str, passage: Passage) -> bool:
    (part,) = sources_of(f"{claim} [1]", [passage])
    return bool(part["verified"])
