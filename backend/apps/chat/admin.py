"""The operator's pages for answers and feedback. No text of a user is shown but to whom that was allowed by name."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.accounts.admin import ReadOnlyAdmin
from apps.accounts.models import User
from apps.chat.models import Feedback, Generation, Message

TEXTS = ("question", "answer")


def may_read_texts(user: User) -> bool:
    """Whether the permission was given to this user or a group of it.

    A superuser has to give it to themself, which the admin's own log shows.
    """
    granted = Permission.objects.filter(codename="view_message_text", content_type__app_label="chat")
    return user.is_active and granted.filter(Q(user=user) | Q(group__user=user)).exists()


class WithTexts(ReadOnlyAdmin):
    """Not made or changed by hand; question and answer stand below what is `shown`, for whom they may be."""

    shown: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # Any: a row of the model
        return (*self.shown, *TEXTS) if may_read_texts(request.user) else self.shown  # type: ignore[arg-type]  # staff

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:  # Any: as above
        return self.get_fields(request, obj)


@admin.register(Generation)
class GenerationAdmin(WithTexts):
    """Attempts to answer: what an operator looks for when somebody tells a request id."""

    list_display = ("id", "state", "owner_of_it", "provider", "model", "created_at", "ended_at", "request_id")
    list_filter = ("state", "provider", "created_at")
    list_select_related = ("conversation__user",)
    search_fields = ("=request_id", "=id", "=conversation__user__email")
    search_help_text = "A request id, the id of an answer, or a user's e-mail."
    show_full_result_count = False
    ordering = ("-created_at",)
    shown = (
        *("id", "state", "owner_of_it", "conversation_id", "provider", "model", "request_id"),
        *("epoch", "owner", "stop_requested", "created_at", "ended_at"),
    )

    @admin.display(description="user", ordering="conversation__user")
    def owner_of_it(self, generation: Generation) -> str:
        return str(generation.conversation.user)

    @admin.display
    def question(self, generation: Generation) -> str:
        return generation.user_message.text

    @admin.display
    def answer(self, generation: Generation) -> str:
        return _text(generation.answer_id)


@admin.register(Feedback)
class FeedbackAdmin(WithTexts):
    """The comment is written to the operator; what it is on is not."""

    list_display = ("id", "target_kind", "rating", "reason", "user", "updated_at")
    list_filter = ("target_kind", "rating", "reason", "updated_at")
    list_select_related = ("user",)
    search_fields = ("=target_id", "=user__email")
    search_help_text = "The id of what it is on, or a user's e-mail."
    show_full_result_count = False
    ordering = ("-updated_at",)
    shown = (
        *("id", "target_kind", "target_id", "rating", "reason", "comment"),
        *("user", "created_at", "updated_at"),
    )

    @admin.display
    def question(self, feedback: Feedback) -> str:
        asked = Message.objects.filter(children=feedback.target_id)
        return asked.values_list("text", flat=True).first() or ""

    @admin.display
    def answer(self, feedback: Feedback) -> str:
        return _text(feedback.target_id)


def _text(message_id: UUID) -> str:
    texts: QuerySet[Message, str] = Message.objects.filter(pk=message_id).values_list("text", flat=True)
    return texts.first() or ""
