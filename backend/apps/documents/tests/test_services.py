"""What is stored of a file, for whom, and how it is found again."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.documents.extraction.results import ExtractedDocument, ExtractedPage
from apps.documents.models import Document, DocumentPage
from apps.documents.schemas import DocumentOut
from apps.documents.selectors import document_passages
from apps.documents.services import document_create

pytestmark = pytest.mark.django_db
EXTRACTED = ExtractedDocument(
    filename="cell.pdf",
    media_type="application/pdf",
    kind="pdf",
    size_bytes=1234,
    sha256="a" * 64,
    pages=(
        ExtractedPage(1, "page 1", "The nucleus holds the DNA.", "read"),
        ExtractedPage(2, "page 2", "", "empty"),
        ExtractedPage(3, "page 3", "", "failed"),
        ExtractedPage(4, "page 4", "The membrane keeps it together.", "read"),
    ),
    notes=("Page 2 has no text.",),
)


def user_named(name: str) -> User:
    return User.objects.create_user(username=name)


def test_a_file_is_stored_with_its_pages() -> None:
    document = document_create(user=user_named("ada"), extracted=EXTRACTED)
    out = DocumentOut.of(Document.objects.get(pk=document.pk))
    assert (out.filename, out.kind, out.pages, out.pages_empty, out.characters) == ("cell.pdf", "pdf", 4, 2, 57)
    assert out.notes == ["Page 2 has no text."]
    assert [page.state for page in DocumentPage.objects.order_by("number")] == ["read", "empty", "failed", "read"]


def test_the_same_content_is_stored_once_for_each_user() -> None:
    ada, alan = user_named("ada"), user_named("alan")
    first = document_create(user=ada, extracted=EXTRACTED)
    again = document_create(user=ada, extracted=replace(EXTRACTED, filename="copy.pdf"))
    other = document_create(user=alan, extracted=EXTRACTED)
    assert again == first
    assert other != first
    assert DocumentPage.objects.count() == 8


def test_a_file_of_many_pages_is_stored_in_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    pages = tuple(ExtractedPage(number, f"page {number}", "Some text.", "read") for number in range(1, 2001))
    ada = user_named("ada")
    with django_assert_max_num_queries(20):
        document_create(user=ada, extracted=replace(EXTRACTED, pages=pages))


def test_passages_come_in_the_order_of_files_by_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ada = user_named("ada")
    first = document_create(user=ada, extracted=EXTRACTED)
    second = document_create(user=ada, extracted=replace(EXTRACTED, filename="b.pdf", sha256="b" * 64))
    with django_assert_num_queries(1):
        passages = document_passages(documents=[second, first])
    assert [(passage.filename, passage.page) for passage in passages] == [
        ("b.pdf", 1),
        ("b.pdf", 4),
        ("cell.pdf", 1),
        ("cell.pdf", 4),
    ]
    assert passages[0].document_id == second.pk


def test_no_files_have_no_passages() -> None:
    assert document_passages(documents=[]) == []
