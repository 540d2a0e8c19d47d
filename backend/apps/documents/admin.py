"""The operator's page for documents: whose, what kind, how large. Neither names nor texts of files are shown."""

from django.contrib import admin

from apps.accounts.admin import ReadOnlyAdmin
from apps.documents.models import Document


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "kind", "size_bytes", "state", "page_count", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("user",)
    search_fields = ("=id", "=user__email")
    search_help_text = "The id of a document, or a user's e-mail."
    show_full_result_count = False
    ordering = ("-created_at",)
    fields = (
        *("id", "user", "kind", "media_type", "size_bytes", "sha256"),
        *("state", "page_count", "pages_read", "pages_ocr", "pages_empty", "pages_failed", "pages_cut"),
        *("character_count", "passage_count", "vector_count", "created_at"),
    )
