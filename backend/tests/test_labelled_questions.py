"""Real documents and questions on them, without a model: the right page by words, and what is shown as its quote.

`make bench-retrieval` asks all of the questions of all of the documents, with the real embedding model.
"""

from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.documents.models import Document
from apps.documents.passages.quotes import find_quote
from apps.documents.retrieval.retrieve import ranked
from apps.documents.tests.library import a_person
from bench.retrieval_arms import FIRST, pages_by_passage, right_place
from bench.retrieval_citations import prompt_on, quotes_checked
from bench.retrieval_corpus import documents_read
from bench.retrieval_questions import Question, questions

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("debian-faq.en.pdf", "expeyes-programming.fr.pdf", "live-manual.en.odt")
PLAIN_FLOOR_PERCENT = 90.0  # measured: 98


@pytest.fixture
def documents(settings: LazySettings, tmp_path: Path) -> list[Document]:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "apps.documents.storage.ContentFolder", "OPTIONS": {"location": tmp_path}},
    }
    return documents_read(a_person(), NAMES)


def asked() -> list[Question]:
    return [question for question in questions() if question.document in NAMES]


def test_the_right_page_is_found_by_words_and_cited_word_for_word(documents: list[Document]) -> None:
    """One test, since reading the documents takes most of its time."""
    texts = {(document.filename, page.number): page.text for document in documents for page in document.pages.all()}
    for question in asked():
        assert any(find_quote(texts[page], question.quote) for page in question.pages if page in texts), question.text

    pages = pages_by_passage(documents)
    plain = [question for question in asked() if question.kind == "plain"]
    rankings = [ranked(documents=documents, question=question.text, query_vector=None)[1] for question in plain]
    places = [right_place(ids, question, pages) for ids, question in zip(rankings, plain, strict=True)]
    assert sum(place is not None and place <= FIRST for place in places) >= len(plain) * PLAIN_FLOOR_PERCENT / 100

    quoted = quotes_checked(documents, [prompt_on(documents, question, None) for question in asked()])
    assert quoted.answers >= len(plain) * PLAIN_FLOOR_PERCENT / 100
    assert quoted.exact == quoted.right_page == quoted.verified == quoted.answers
    assert quoted.changed_marked == quoted.changed > quoted.answers


def test_the_questions_are_many_and_of_each_kind() -> None:
    everything = questions()
    assert len(everything) == len({question.text for question in everything}) >= 120
    assert len({question.document for question in everything}) >= 5
    assert sum(question.kind == "paraphrased" for question in everything) >= 40
    assert {question.half for question in everything} == {"dev", "test"}
