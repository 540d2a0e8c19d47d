"""Courses: a subject, perhaps with an exam, that groups files and conversations."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

NAME_MAX_CHARS = 120


class Course(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="courses")
    name = models.CharField(max_length=NAME_MAX_CHARS)
    exam_on = models.DateField(null=True)
    # A default, not `auto_now_add`: what comes out of an archive keeps its time.
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = (models.Index(fields=["user", "-created_at"], name="courses_newest_first"),)
