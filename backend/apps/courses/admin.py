"""The operator's page for courses: whose, and since when. Their names are not shown."""

from django.contrib import admin

from apps.accounts.admin import ReadOnlyAdmin
from apps.courses.models import Course


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "exam_on", "created_at")
    list_select_related = ("user",)
    search_fields = ("=id", "=user__email")
    search_help_text = "The id of a course, or a user's e-mail."
    show_full_result_count = False
    ordering = ("-created_at",)
    fields = ("id", "user", "exam_on", "created_at")
