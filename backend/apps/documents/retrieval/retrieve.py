"""The passages of some documents that a prompt on them needs. The text of a passage is read when it is chosen."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from apps.documents.models import Document, DocumentPage, DocumentPassage
from apps.documents.passages import Passage
from apps.documents.passages.terms import terms_of_question
from apps.documents.retrieval.fulltext import ranked_by_words
from apps.documents.retrieval.fusing import fused
from apps.documents.retrieval.places import Place, pages_named, spread, without_pages
from apps.documents.retrieval.selection import Basis, PagesByFile, Selection, note_of
from apps.documents.retrieval.vectors import QueryVector, ranked_by_meaning

WORDS_WEIGHT, MEANING_WEIGHT = 1.0, 1.5  # measured, see docs/retrieval.md
IDS_AT_ONCE = 500  # parameters of a statement
PAGES_LISTED_MAX = 5_000  # of all documents; beyond it a list of pages left out says nothing


def retrieve(
    *, documents: Sequence[Document], question: str, query_vector: QueryVector | None, budget_tokens: int
) -> Selection:
    """All passages of the documents if they fit into the budget; else the best for the question that do."""
    total = sum(document.passage_count for document in documents)
    if sum(document.passage_tokens for document in documents) <= max(budget_tokens, 0):
        passages = passages_by_id(documents, None)
        return Selection(tuple(passages.values()), tuple(range(len(passages))), len(passages))
    basis, order = ranked(documents=documents, question=question, query_vector=query_vector)
    chosen = _that_fit(order, budget_tokens)
    passages = passages_by_id(documents, chosen)
    positions = {pk: position for position, pk in enumerate(passages)}
    return Selection(
        passages=tuple(passages.values()),
        ranks=tuple(positions[pk] for pk in chosen if pk in positions),
        total=total,
        note=note_of(
            chosen=len(passages), total=total, basis=basis, pages_left_out=_left_out(documents, passages.values())
        ),
    )


def ranked(
    *, documents: Sequence[Document], question: str, query_vector: QueryVector | None
) -> tuple[Basis, list[int]]:
    """Ids of passages, best first: of pages that the question names, then of those that fit it by words and meaning.

    Where it names no page and asks for the whole, the beginnings of the files and passages spread over the rest.
    """
    ids = [document.pk for document in documents]
    numbers = pages_named(question)
    named = _of_pages(ids, numbers) if numbers else []
    terms = terms_of_question(without_pages(question), [document.language for document in documents])
    found: list[int] = []
    if terms:
        count = sum(document.passage_count for document in documents)
        by_words = ranked_by_words(document_ids=ids, passage_count=count, terms=terms)
        by_meaning = ranked_by_meaning(document_ids=ids, query=query_vector) if query_vector else []
        found = fused((by_words, WORDS_WEIGHT), (by_meaning, MEANING_WEIGHT)) if by_meaning else by_words
    if named:
        return "pages", list(dict.fromkeys([*named, *found]))
    return ("words", found) if found else ("place", spread(_places(ids)))


def _in_order(document_ids: Sequence[UUID]) -> QuerySet[DocumentPassage]:
    return DocumentPassage.objects.filter(document__in=document_ids).order_by("document", "number")


def _of_pages(document_ids: Sequence[UUID], numbers: Sequence[int]) -> list[int]:
    return list(_in_order(document_ids).filter(page__in=numbers).values_list("pk", flat=True))


def _places(document_ids: Sequence[UUID]) -> list[Place]:
    """Of all passages, files in the order given."""
    of_file: dict[UUID, list[Place]] = {pk: [] for pk in document_ids}
    for row in _in_order(document_ids).values_list("pk", "document_id", "page", "tokens").iterator():
        of_file[row[1]].append(Place(*row))
    return [place for places in of_file.values() for place in places]


def _that_fit(order: Sequence[int], budget_tokens: int) -> list[int]:
    """As many as the budget holds, the best first; a long one that does not fit makes room for shorter ones."""
    chosen: list[int] = []
    for start in range(0, len(order), IDS_AT_ONCE):
        some = order[start : start + IDS_AT_ONCE]
        tokens = dict(DocumentPassage.objects.filter(pk__in=some).values_list("pk", "tokens"))
        fitted = len(chosen)
        for pk in some:
            if pk in tokens and tokens[pk] <= budget_tokens:
                budget_tokens -= tokens[pk]
                chosen.append(pk)
        if len(chosen) == fitted:
            break
    return chosen


def passages_by_id(documents: Sequence[Document], ids: Sequence[int] | None) -> dict[int, Passage]:
    """Passages by id in reading order, documents in the order given; `ids` None: all."""
    page = DocumentPage.objects.filter(document=OuterRef("document"), number=OuterRef("page"))
    # Cut in the database: a page of a text file can be long.
    text = page.annotate(
        cut=Substr("text", OuterRef("start") + 1, OuterRef("end") - OuterRef("start"), output_field=CharField())
    )
    rows = _in_order([document.pk for document in documents]).annotate(
        text=Subquery(text.values("cut")[:1]), label=Subquery(page.values("label")[:1])
    )
    columns = ("pk", "document_id", "page", "label", "text", "start", "end")
    found: list[tuple[int, UUID, int, str, str, int, int]] = []
    if ids is None:
        found = list(rows.values_list(*columns))
    else:
        for start in range(0, len(ids), IDS_AT_ONCE):
            found += rows.filter(pk__in=ids[start : start + IDS_AT_ONCE]).values_list(*columns)
    position = {document.pk: n for n, document in enumerate(documents)}
    filenames = {document.pk: document.filename for document in documents}
    found.sort(key=lambda row: (position[row[1]], row[2], row[5]))
    return {
        pk: Passage(document_id, filenames[document_id], number, label, text, start, end)
        for pk, document_id, number, label, text, start, end in found
        if text is not None
    }


def _left_out(documents: Sequence[Document], chosen: Iterable[Passage]) -> PagesByFile:
    """Pages with text of which nothing was chosen; none are named where there are too many."""
    if sum(document.page_count for document in documents) > PAGES_LISTED_MAX:
        return {}
    shown = {(passage.document_id, passage.page) for passage in chosen}
    ids = [document.pk for document in documents]
    units = dict(DocumentPage.objects.filter(document__in=ids, number=1).values_list("document_id", "label"))
    rows = _in_order(ids).values_list("document_id", "page").distinct().order_by("document_id", "page")
    pages: dict[UUID, list[int]] = {pk: [] for pk in ids}
    for document_id, number in rows:
        if (document_id, number) not in shown:
            pages[document_id].append(number)
    return {
        (document.filename, units.get(document.pk, "page").partition(" ")[0]): pages[document.pk]
        for document in documents
        if pages[document.pk]
    }
