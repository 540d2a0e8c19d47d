"""Users in the admin are deleted as they delete themselves: their answers stopped, their sessions ended."""

from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.accounts.admin import UserAdmin
from apps.accounts.models import User
from apps.archive.services.deleting import answers_stop, user_delete
from apps.documents.services.deleting import removed_files_delete_now


@admin.register(User)
class DeletableUserAdmin(UserAdmin):
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Any: of a template. The answers are stopped out here: what follows is one transaction."""
        user = self.get_object(request, unquote(object_id)) if request.method == "POST" else None
        if user and self.has_delete_permission(request, user):
            async_to_sync(answers_stop)(user_id=user.pk)
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        user_delete(user_id=obj.pk)
        transaction.on_commit(removed_files_delete_now)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[User]") -> None:
        for user in queryset:
            async_to_sync(answers_stop)(user_id=user.pk)
            user_delete(user_id=user.pk)
        transaction.on_commit(removed_files_delete_now)
