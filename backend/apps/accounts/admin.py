"""The operator's pages for users, their tokens and invitations."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

from apps.accounts.models import ApiToken, Invitation


class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]  # generic in its stubs alone
    """Registered by `apps.archive`, which knows all that is deleted with a user."""

    list_display = ("username", "email", "is_guest", "is_staff", "is_active", "date_joined", "last_seen_on")
    list_filter = ("is_guest", "is_staff", "is_active")
    readonly_fields = ("last_seen_on",)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # of any model
    """Looked at and deleted, never made or changed by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("prefix", "name", "user", "created_at", "expires_at", "last_used_at")
    exclude = ("digest",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("note", "created_at", "expires_at", "used_at", "used_by")
    exclude = ("digest",)
