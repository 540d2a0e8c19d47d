"""Who owns things. A guest is a user without a name, kept by one browser's session."""

from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    is_guest = models.BooleanField(default=False)
    last_seen_on = models.DateField(null=True)  # UTC; the last day on which somebody was here

    class Meta(AbstractUser.Meta):
        indexes = (models.Index(fields=["is_guest", "last_seen_on"], name="guests_by_last_seen"),)


class ApiToken(models.Model):
    """A program's way in. Its text is kept nowhere: only a digest, and the beginning that tells it from others."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    prefix = models.CharField(max_length=20)
    scopes = models.JSONField(default=list)  # of core.access.Scope
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # within a minute


class Invitation(models.Model):
    """Lets one person sign up where SIGNUP is `invite`; of its code only a digest is kept."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    note = models.CharField(max_length=200, blank=True)  # the operator's, such as for whom it is
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
