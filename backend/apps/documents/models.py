"""Files that were read, page by page. The bytes of a file are not kept, only what could be read of it."""

from uuid import uuid4

from django.conf import settings
from django.db import models


class Kind(models.TextChoices):
    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    TEXT = "text"
    MARKDOWN = "markdown"


class PageState(models.TextChoices):
    READ = "read"
    EMPTY = "empty"  # nothing to read on it: blank, or a picture
    FAILED = "failed"  # the page itself is damaged


class Document(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="documents")
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    size_bytes = models.PositiveBigIntegerField()
    # By which the same content is found again; null of a copy that came to a user who had it already.
    sha256 = models.CharField(max_length=64, null=True)
    page_count = models.PositiveIntegerField()
    # Pages without text, whether empty or failed.
    unread_page_count = models.PositiveIntegerField()
    character_count = models.PositiveIntegerField()
    # Sentences for the student: what could not be read, and why.
    notes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "sha256"], name="one_document_per_user_and_content"),)


class DocumentPage(models.Model):
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=50)  # "page 3", "slide 2", "section 4": as answers cite it
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=PageState.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="one_page_per_number"),)
