"""How well the right page is found, by words, by meaning and by both: `make bench-retrieval`.

Real documents are read and indexed as a student's are, all in one course, and asked the labelled questions of
bench/questions. The vectors are of the real embedding model, and kept for the next run. The exit code says whether
what is required holds (see `failings` and `citation_failings`).
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.retrieval_questions import Question, questions
from bench.retrieval_vectors import running_vectors
from tests.postgres import running_postgres

if TYPE_CHECKING:  # they ask for Django's applications, which are loaded in `main`
    from bench.retrieval_arms import Score
    from bench.retrieval_citations import Claims, Quoted

RIGHT_PAGE_PERCENT = 98.0


def measured() -> dict[str, Any]:
    """All figures, by name; Any: as they go into JSON. Raises: RuntimeError."""
    from apps.documents.retrieval import any_question  # noqa: PLC0415  Django has to be set up first
    from apps.documents.retrieval.retrieve import passages_by_id  # noqa: PLC0415
    from apps.documents.retrieval.vectors import QueryVector  # noqa: PLC0415
    from apps.documents.tests.library import a_person  # noqa: PLC0415
    from bench import retrieval_arms as arms  # noqa: PLC0415
    from bench import retrieval_citations as citations  # noqa: PLC0415
    from bench.retrieval_corpus import documents_read, throw_away_database, vectors_make  # noqa: PLC0415
    from embedding_model.settings import BUNDLED_MODEL  # noqa: PLC0415

    asked = questions()
    with throw_away_database(), running_vectors() as vectors:
        begun = time.monotonic()
        documents = documents_read(a_person(), sorted({question.document for question in asked}))
        read_s = time.monotonic() - begun
        any_question.remember(BUNDLED_MODEL, vectors.of(any_question.QUESTIONS, "query"))
        vectors_make(documents, vectors)
        of_questions = vectors.of([question.text for question in asked], "query")
        vectors_s = time.monotonic() - begun - read_s
        found = arms.search(documents, asked, of_questions)
        passages = list(passages_by_id(documents, None).values())
        halves = {half: [each for each in asked if half in (each.half, "all")] for half in arms.HALVES}
        scored = arms.scores(asked, found)
        prompts = [
            citations.prompt_on(documents, question, QueryVector(BUNDLED_MODEL, numbers))
            for question, numbers in zip(asked, of_questions, strict=True)
        ]
        quoted = citations.quotes_checked(documents, prompts)
        claims = {half: citations.claims_checked(passages, some) for half, some in halves.items()}
    return {
        "documents": {document.filename: document.passage_count for document in documents},
        "questions": {half: counted(some) for half, some in halves.items()},
        "seconds": {"reading": read_s, "vectors": vectors_s},
        "vectors_made": vectors.made,
        "search_ms": statistics.median(found.milliseconds),
        "scores": scored,
        "quotes": quoted,
        "claims": claims,
        "failings": [*arms.failings(scored), *citation_failings(quoted)],
    }


def counted(some: Sequence[Question]) -> dict[str, int]:
    return {"all": len(some), "paraphrased": sum(question.kind == "paraphrased" for question in some)}


def citation_failings(quoted: "Quoted") -> list[str]:
    """What is required of citations and does not hold, a sentence each."""
    found = []
    if quoted.exact < quoted.answers:
        found.append("A quote that is shown does not stand on its page.")
    if quoted.right_page < quoted.answers * RIGHT_PAGE_PERCENT / 100:
        found.append(f"Fewer than {RIGHT_PAGE_PERCENT} % of the quotes are shown on the right page.")
    if quoted.changed_marked < quoted.changed:
        found.append("A quote that was changed is shown as found.")
    return found


def report(figures: Mapping[str, Any]) -> None:
    """Print the figures for people; Any: see `measured`."""
    print(f"{sum(figures['documents'].values())} passages of {len(figures['documents'])} documents in one course")
    print("reading {reading:.0f} s, vectors {vectors:.0f} s".format_map(figures["seconds"]), end="")
    print(
        f" ({figures['vectors_made']} made anew), a search {figures['search_ms']:.0f} ms without the question's vector"
    )
    print("\nRight page among the first 5 passages, in % (mean reciprocal rank)")
    print(f"{'':18}{'questions':>10}{'full text':>15}{'embeddings':>15}{'fused':>15}")
    for half, groups in figures["scores"].items():
        for group, by_arm in groups.items():
            number = figures["questions"][half].get(group, "")
            print(f"{half:5}{group:13}{number:>10}", *(f"{shown(score):>14}" for score in by_arm.values()))
    print_citations(figures["quotes"], figures["claims"])
    for failing in figures["failings"]:
        print(f"NOT MET: {failing}")


def shown(score: "Score") -> str:
    return f"{score.recall:.1f} ({score.mrr:.2f})"


def print_citations(quoted: "Quoted", claims: Mapping[str, "Claims"]) -> None:
    print(f"\nQuotes in answers: {quoted.answers}; exact {quoted.exact}, on a right page {quoted.right_page}, ", end="")
    print(f"found {quoted.verified}; changed ones: {quoted.changed}, of these marked {quoted.changed_marked}")
    for half, each in claims.items():
        print(f"Claims, {half}: {each.true_verified} of {each.true} true ones verified,", end=" ")
        print(f"{each.false_verified} of {each.false} false, {each.misplaced_verified} of {each.misplaced} of", end=" ")
        print(f"another passage; precision {each.precision:.1f} %, recall {each.recall:.1f} %")


def as_json(figures: Mapping[str, Any]) -> str:
    """Any: see `measured`."""
    return json.dumps(figures, default=asdict, indent=1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    options = parser.parse_args()
    with ExitStack() as running:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        if options.database == "postgres":
            os.environ["DATABASE_URL"] = running.enter_context(running_postgres()).url
        import django  # noqa: PLC0415  it reads the variables above

        django.setup()
        figures = measured()
    report(figures)
    if options.json:
        options.json.write_text(as_json(figures) + "\n")
    return 1 if figures["failings"] else 0


if __name__ == "__main__":
    sys.exit(main())
