"""Which passages each way of searching finds for the labelled questions, and how well."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.documents.models import Document, DocumentPassage
from apps.documents.retrieval.retrieve import ranked
from apps.documents.retrieval.vectors import QueryVector, ranked_by_meaning
from bench.retrieval_questions import Question
from embedding_model.settings import BUNDLED_MODEL

FIRST = 5  # passages, of whose pages one has to be right
LOOKED_AT = 100  # passages, for the mean reciprocal rank
ARMS = ("words", "meaning", "fused")
GROUPS: Mapping[str, Callable[[Question], bool]] = {
    "all": lambda _: True,
    "plain": lambda question: question.kind == "plain",
    "paraphrased": lambda question: question.kind == "paraphrased",
    "English": lambda question: question.language == "en",
    "French": lambda question: question.language == "fr",
}
HALVES = ("dev", "test", "all")
TOLERATED_POINTS = 2.0  # by which the fused ranking may be behind the best


@dataclass(frozen=True)
class Score:
    """Of some questions: in percent, those with a right page among the FIRST passages; the mean of 1 / right rank."""

    recall: float
    mrr: float


@dataclass
class Found:
    """For each question the place of its first right passage by each arm, from 1; None among the first LOOKED_AT."""

    places: dict[str, list[int | None]] = field(default_factory=lambda: {arm: [] for arm in ARMS})
    milliseconds: list[float] = field(default_factory=list)  # of a fused search, its vector given


def search(documents: Sequence[Document], asked: Sequence[Question], vectors: Sequence[Sequence[float]]) -> Found:
    """Ask all of the documents at once, as in a course of all of them."""
    pages = pages_by_passage(documents)
    found = Found()
    for question, numbers in zip(asked, vectors, strict=True):
        query = QueryVector(BUNDLED_MODEL, numbers)
        begun = time.perf_counter()
        _, fused = ranked(documents=documents, question=question.text, query_vector=query)
        found.milliseconds.append((time.perf_counter() - begun) * 1000)
        _, words = ranked(documents=documents, question=question.text, query_vector=None)
        meaning = ranked_by_meaning(document_ids=[document.pk for document in documents], query=query)
        for arm, ids in zip(ARMS, (words, meaning, fused), strict=True):
            found.places[arm].append(right_place(ids, question, pages))
    return found


def pages_by_passage(documents: Sequence[Document]) -> dict[int, tuple[str, int]]:
    """The file and page of each passage, by its id."""
    names = {document.pk: document.filename for document in documents}
    rows = DocumentPassage.objects.filter(document__in=names).values_list("pk", "document_id", "page")
    return {pk: (names[document_id], page) for pk, document_id, page in rows}


def right_place(ids: Sequence[int], question: Question, pages: Mapping[int, tuple[str, int]]) -> int | None:
    """Where in a ranking the first passage of a right page stands, from 1; None: not among the first LOOKED_AT."""
    return next((place for place, pk in enumerate(ids[:LOOKED_AT], 1) if pages[pk] in question.pages), None)


def scores(asked: Sequence[Question], found: Found) -> dict[str, dict[str, dict[str, Score]]]:
    """By half, group and arm."""
    return {
        half: {
            name: {
                arm: _score(
                    [place for question, place in zip(asked, found.places[arm], strict=True) if is_in(question)]
                )
                for arm in ARMS
            }
            for name, is_in in _groups(half).items()
        }
        for half in HALVES
    }


def _groups(half: str) -> dict[str, Callable[[Question], bool]]:
    def of_half(is_in: Callable[[Question], bool]) -> Callable[[Question], bool]:
        return lambda question: half in (question.half, "all") and is_in(question)

    return {name: of_half(is_in) for name, is_in in GROUPS.items()}


def _score(places: Sequence[int | None]) -> Score:
    return Score(
        recall=100 * statistics.fmean(place is not None and place <= FIRST for place in places),
        mrr=statistics.fmean(1 / place if place else 0.0 for place in places),
    )


def failings(scored: Mapping[str, Mapping[str, Mapping[str, Score]]]) -> list[str]:
    """What is required and does not hold, a sentence each."""
    found = []
    for half in HALVES:
        overall, paraphrased = scored[half]["all"], scored[half]["paraphrased"]
        best = max(overall["words"].recall, overall["meaning"].recall)
        if overall["fused"].recall < best - TOLERATED_POINTS:
            found.append(f"{half}: fused is more than {TOLERATED_POINTS} points behind the best.")
        if paraphrased["fused"].recall <= paraphrased["words"].recall:
            found.append(f"{half}: fused is not above full text where the words are others.")
    return found
