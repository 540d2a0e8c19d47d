"""Looking through a user's library: passages with the places in them that bear the words looked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.accounts.models import User
from apps.documents.models import Document, DocumentState
from apps.documents.passages.terms import terms_of_question, terms_of_text
from apps.documents.retrieval.fulltext import ranked_by_words
from apps.documents.retrieval.retrieve import passages_by_id

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Hit:
    """A passage: `text` is `page.text[start:end]`; `marks` are bounds within `text` of words that were looked for."""

    document_id: UUID
    filename: str
    page: int
    label: str
    start: int
    end: int
    text: str
    marks: Sequence[tuple[int, int]]


def library_search(
    *, user: User, q: str, course_id: UUID | None = None, document_id: UUID | None = None, limit: int
) -> list[Hit]:
    """The passages of the user's documents that have words of `q`, best first, at most `limit`."""
    rows = Document.objects.filter(user=user, state=DocumentState.READY)
    if course_id:
        rows = rows.filter(course=course_id)
    if document_id:
        rows = rows.filter(pk=document_id)
    documents = list(rows.order_by("-created_at", "pk"))
    terms = terms_of_question(q, {document.language for document in documents})
    count = sum(document.passage_count for document in documents)
    ids = ranked_by_words(document_ids=[each.pk for each in documents], passage_count=count, terms=terms)[:limit]
    passages = passages_by_id(documents, ids)
    languages = {document.pk: document.language for document in documents}
    wanted = frozenset(terms)
    return [
        Hit(
            document_id=passage.document_id,
            filename=passage.filename,
            page=passage.page,
            label=passage.label,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            marks=list(_marks(passage.text, wanted, languages[passage.document_id])),
        )
        for passage in (passages[pk] for pk in ids if pk in passages)
    ]


def _marks(text: str, terms: frozenset[str], language: str) -> Iterator[tuple[int, int]]:
    for word in WORD.finditer(text):
        if not terms.isdisjoint(terms_of_text(word.group(), language).split()):
            yield word.span()
