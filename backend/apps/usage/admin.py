"""The operator's pages for what is used: numbers alone."""

from django.contrib import admin

from apps.accounts.admin import ReadOnlyAdmin
from apps.usage.models import DailyUsage, UsageEntry


@admin.register(DailyUsage)
class DailyUsageAdmin(ReadOnlyAdmin):
    list_display = ("day", "subject", "spent_tokens", "reserved_tokens", "spent_cost_micros", "reserved_cost_micros")
    list_filter = ("day",)
    search_fields = ("=subject",)
    search_help_text = "A subject: user: and the user's id, or all."
    show_full_result_count = False
    ordering = ("-day", "-spent_tokens")


@admin.register(UsageEntry)
class UsageEntryAdmin(ReadOnlyAdmin):
    """The ledger."""

    list_display = (
        *("created_at", "user", "kind", "state", "provider", "model"),
        *("input_tokens", "output_tokens", "cost_micros", "reserved_tokens", "settled_at"),
    )
    list_filter = ("state", "kind", "provider", "day")
    list_select_related = ("user",)
    search_fields = ("=generation_id", "=user__email")
    search_help_text = "The id of an answer, or a user's e-mail."
    show_full_result_count = False
    ordering = ("-created_at",)
