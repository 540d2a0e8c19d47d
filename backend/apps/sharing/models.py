"""Links by which anybody reads one branch of a conversation."""

from django.db import models
from django.utils import timezone

TOKEN_CHARS = 32


class Share(models.Model):
    """What one link shows: the branch down to `leaf`, under its title of that moment. What comes later is not shown."""

    conversation = models.OneToOneField(
        "chat.Conversation", primary_key=True, on_delete=models.CASCADE, related_name="share"
    )
    # As it is, and no digest of it: its owner is shown the link again, and who reads this table reads the messages too.
    token = models.CharField(max_length=TOKEN_CHARS, unique=True)
    leaf = models.ForeignKey("chat.Message", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    messages = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField()
