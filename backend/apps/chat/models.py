"""Conversations, their messages as a tree, and the attempts to answer."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Of a generation; a message has one of the last three."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"


LIVE = (State.PENDING, State.RUNNING)


class Role(models.TextChoices):
    USER = "user"
    ASSISTANT = "assistant"


class Conversation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=200)
    pinned = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    # The branch that is shown and prompted: the path from here up to the root.
    active_leaf = models.ForeignKey("Message", null=True, on_delete=models.SET_NULL, related_name="+")
    documents = models.ManyToManyField("documents.Document", related_name="conversations")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["user", "-updated_at", "-id"], name="conversation_newest_first"),)


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    role = models.CharField(max_length=10, choices=Role.choices)
    text = models.TextField(blank=True)
    # What stands beside the text: files of a prompt, reasoning and sources of an answer; shapes in schemas.py.
    parts = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPLETE)
    error = models.JSONField(null=True)
    # Named by the client, so that a prompt sent twice is one prompt.
    client_message_id = models.CharField(max_length=64, null=True)
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    finish_reason = models.CharField(max_length=50, blank=True)
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "client_message_id"],
                condition=Q(client_message_id__isnull=False),
                name="one_prompt_per_client_message_id",
            ),
        )


class Generation(models.Model):
    """One attempt to answer a user message; its answer's id is known from the start."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="generations")
    user_message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="generations")
    answer_id = models.UUIDField(default=uuid4)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    epoch = models.PositiveIntegerField(default=1)
    owner = models.CharField(max_length=200)  # the process that runs it, see services/ownership.py
    provider = models.CharField(max_length=50, blank=True)  # as asked for; empty: the worker chooses
    model = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state__in=LIVE), name="one_live_generation_per_conversation"
            ),
        )
