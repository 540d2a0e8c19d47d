"""The operator's page for links: a link that should not be there is found by its token and deleted."""

from django.contrib import admin

from apps.accounts.admin import ReadOnlyAdmin
from apps.sharing.models import Share


@admin.register(Share)
class ShareAdmin(ReadOnlyAdmin):
    list_display = ("conversation_id", "owner", "messages", "created_at", "updated_at")
    list_select_related = ("conversation__user",)
    search_fields = ("=token", "=conversation__id", "=conversation__user__email")
    search_help_text = "The end of a link's address, the id of a conversation, or a user's e-mail."
    show_full_result_count = False
    ordering = ("-updated_at",)
    fields = ("conversation_id", "owner", "messages", "created_at", "updated_at")

    @admin.display
    def owner(self, share: Share) -> str:
        return str(share.conversation.user)
