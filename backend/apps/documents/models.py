"""Files of students: their bytes in the storage, what was read of them page by page, and what finds it again."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    ODT = "odt"
    EPUB = "epub"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    CSV = "csv"
    CODE = "code"
    IMAGE = "image"


class DocumentState(models.TextChoices):
    ARRIVING = "arriving"  # its bytes are being stored; nobody sees it yet
    WAITING = "waiting"  # to be read
    READING = "reading"  # by the process that holds its lease
    READY = "ready"  # read, and found by its words
    FAILED = "failed"  # nothing of it can be read; `problem` says why


class PageState(models.TextChoices):
    READ = "read"
    EMPTY = "empty"  # nothing to read on it: blank, or a picture without words
    FAILED = "failed"  # the page itself is damaged, or took too long


class PageMethod(models.TextChoices):
    TEXT = "text"  # the file's own text
    OCR = "ocr"  # recognised in a picture of the page


class Document(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="documents")
    course = models.ForeignKey("courses.Course", null=True, on_delete=models.SET_NULL, related_name="documents")
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)  # as its sender says, until its content has told
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)  # empty until its content has told
    size_bytes = models.PositiveBigIntegerField()
    # By which the same content is found again; null of a copy that came to a user who had it already.
    sha256 = models.CharField(max_length=64, null=True)
    stored_as = models.CharField(max_length=200, blank=True)  # its name in the storage; empty: its bytes are not here
    state = models.CharField(max_length=10, choices=DocumentState.choices, default=DocumentState.WAITING)
    problem = models.JSONField(null=True)  # {"code", "detail"} of one that failed

    # The intake report: every page of the file is counted in exactly one of the last five, once it is ready.
    page_count = models.PositiveIntegerField(default=0)  # of the file, as soon as it is known
    pages_read = models.PositiveIntegerField(default=0)  # by their own text
    pages_ocr = models.PositiveIntegerField(default=0)
    pages_empty = models.PositiveIntegerField(default=0)
    pages_failed = models.PositiveIntegerField(default=0)
    pages_cut = models.PositiveIntegerField(default=0)  # beyond a limit, so not read
    character_count = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=8, blank=True)  # ISO 639-1; empty: not known
    notes = models.JSONField(default=list)  # sentences for the student: what could not be read, and why

    passage_count = models.PositiveIntegerField(default=0)
    passage_tokens = models.PositiveIntegerField(default=0)  # of all of them in a prompt, an upper estimate
    index_version = models.PositiveSmallIntegerField(default=0)  # by which its passages were cut; 0: not yet
    vector_count = models.PositiveIntegerField(default=0)  # passages that can be found by their meaning

    # The lease of the process that reads it or makes its vectors; times are the database's.
    claimed_by = models.CharField(max_length=200, blank=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # processes that began to read it and did not end

    # A default, not `auto_now_add`: what comes out of an archive keeps its time.
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "sha256"], name="one_document_per_user_and_content"),)
        indexes = (
            models.Index(fields=["user", "-created_at", "-id"], name="documents_newest_first"),
            models.Index(fields=["state", "claimed_until"], name="documents_by_state"),
            models.Index(fields=["index_version", "state"], name="documents_by_index_version"),
        )


class DocumentPage(models.Model):
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=120)  # "page 3", "slide 2", "sheet Results": as answers cite it
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=PageState.choices)
    method = models.CharField(max_length=10, choices=PageMethod.choices, default=PageMethod.TEXT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="one_page_per_number"),)


class DocumentPassage(models.Model):
    """A piece of a page that fits into a prompt and can be quoted: `page.text[start:end]`."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    page = models.PositiveIntegerField()  # its number
    number = models.PositiveIntegerField()  # in the document, from 1, in reading order
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    tokens = models.PositiveIntegerField()  # in a prompt, with the line that names it
    terms = models.TextField(blank=True)  # its words folded and stemmed, for the index alone

    class Meta:
        constraints = (models.UniqueConstraint(fields=["document", "number"], name="one_passage_per_number"),)
        indexes = (models.Index(fields=["document", "page"], name="passages_by_page"),)


class PassageVector(models.Model):
    """What a passage means, as a model of embeddings tells it: a unit vector of each of its parts."""

    passage = models.OneToOneField(DocumentPassage, primary_key=True, on_delete=models.CASCADE, related_name="vector")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=100)
    vector = models.BinaryField()  # little-endian float16, those of a part behind those of the part before


class AverageQuestion(models.Model):
    """What all questions have in common, to a model of embeddings: see retrieval/any_question.py."""

    model = models.CharField(primary_key=True, max_length=100)
    numbers = models.JSONField()  # of its vector


class RemovedFile(models.Model):
    """Bytes in the storage that no document has: written down with what took them from it, until they are gone."""

    stored_as = models.CharField(primary_key=True, max_length=200)
    due_at = models.DateTimeField()  # by the database's clock; later than now for bytes that may yet get a document
