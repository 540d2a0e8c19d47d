"""Conversations, their messages as a tree, the attempts to answer, and the log and leases of those that run."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


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


class TitleSource(models.TextChoices):
    """Who wrote a conversation's title; what a person wrote is never replaced."""

    PROMPT = "prompt"
    MODEL = "model"
    USER = "user"


class PresentConversations(models.Manager["Conversation"]):
    """Those that are not deleted. Whoever has to find the others asks `with_deleted`."""

    def get_queryset(self) -> models.QuerySet["Conversation"]:
        return super().get_queryset().filter(deleted_at=None)


class Conversation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    # The client's own name of it (the AI SDK makes one before it sends anything); accepted wherever the id is.
    client_id = models.CharField(max_length=64, null=True)
    title = models.CharField(max_length=200)
    title_source = models.CharField(max_length=10, choices=TitleSource.choices, default=TitleSource.PROMPT)
    pinned = models.BooleanField(default=False)
    archived = models.BooleanField(default=False)
    # The branch that is shown and prompted: the path from here up to the root.
    active_leaf = models.ForeignKey("Message", null=True, on_delete=models.SET_NULL, related_name="+")
    documents = models.ManyToManyField("documents.Document", related_name="conversations")
    course = models.ForeignKey("courses.Course", null=True, on_delete=models.SET_NULL, related_name="conversations")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)  # hidden since then; it can be brought back until it is swept away

    objects = PresentConversations()
    with_deleted = models.Manager["Conversation"]()

    class Meta:
        indexes = (
            models.Index(fields=["user", "-updated_at", "-id"], name="conversation_newest_first"),
            # Few among many, whose lists would walk past all the others.
            models.Index(fields=["user", "-updated_at", "-id"], condition=Q(pinned=True), name="pinned_newest_first"),
            models.Index(
                fields=["user", "-updated_at", "-id"], condition=Q(archived=True), name="archived_newest_first"
            ),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="conversations_deleted"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["user", "client_id"],
                condition=Q(client_id__isnull=False),
                name="one_conversation_per_client_id",
            ),
        )


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
    # Counts the texts that one client_message_id was sent with: each edit is a sibling under the same id.
    revision = models.PositiveSmallIntegerField(default=0)
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    finish_reason = models.CharField(max_length=50, blank=True)
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    # How the answer came about: its tries and its first-token time; shape in schemas.py.
    receipt = models.JSONField(null=True)
    # A default, not `auto_now_add`: what comes out of an archive keeps its time.
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        permissions = (("view_message_text", "Can read the text of messages"),)
        constraints = (
            models.UniqueConstraint(
                fields=["user", "client_message_id", "revision"],
                condition=Q(client_message_id__isnull=False),
                name="one_prompt_per_client_message_id",
            ),
        )


class SearchEntry(models.Model):
    """What a conversation is found by: a message, or without one its title. The index itself is the database's."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="+")
    # For the index alone, as search_terms.py makes them: each of the terms stands in it behind the key.
    key = models.CharField(max_length=9)
    terms = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["conversation"], condition=Q(message=None), name="one_title_entry"),
        )


class Lease(models.Model):
    """A gateway process that lives: it renews its row; who finds one expired takes away the row, and all it ran."""

    owner = models.CharField(primary_key=True, max_length=200)  # see apps/core/ownership.py
    expires_at = models.DateTimeField()  # by the database's clock


class Generation(models.Model):
    """One attempt to answer a user message; its answer's id is known from the start."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="generations")
    user_message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="generations")
    answer_id = models.UUIDField(default=uuid4)
    # An answer that was cut, whose text this one begins with.
    continues = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    epoch = models.PositiveIntegerField(default=1)  # counts the processes that ran it, one after the other
    owner = models.CharField(max_length=200, blank=True)  # the lease under which it runs
    stop_requested = models.BooleanField(default=False)
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
        # Whole, not partial: SQLite proves no partial index from bound parameters.
        indexes = (models.Index(fields=["state", "owner", "stop_requested"], name="generations_by_state"),)


class GenerationFrame(models.Model):
    """Neighbouring frames of a generation, numbered as readers get them, in the piece that one commit wrote."""

    # Without a constraint in the database: a commit of many generations must not fail for one deleted meanwhile.
    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="frames", db_constraint=False, db_index=False
    )
    epoch = models.PositiveIntegerField()
    number = models.PositiveIntegerField()  # of the first of them
    frames = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["generation", "epoch", "number"], name="one_frame_per_epoch_and_number"),
        )


class Rating(models.TextChoices):
    UP = "up"
    DOWN = "down"


class Reason(models.TextChoices):
    """Why something is not good."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    OFF_TOPIC = "off_topic"
    SOURCES = "sources"  # the passages that it names do not say so
    HARMFUL = "harmful"
    OTHER = "other"


class TargetKind(models.TextChoices):
    """What feedback can be on: one table for all, so that an operator finds it in one place."""

    MESSAGE = "message"


class Feedback(models.Model):
    """What a user thinks of something that a model made: one for each user and target."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    target_kind = models.CharField(max_length=10, choices=TargetKind.choices)
    target_id = models.UUIDField()
    # The target where it is a message, so that feedback ends with it; apps above delete that of their own kinds.
    message = models.OneToOneField(Message, null=True, on_delete=models.CASCADE, related_name="+")
    rating = models.CharField(max_length=4, choices=Rating.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "feedback"
        indexes = (models.Index(fields=["-updated_at"], name="feedback_newest_first"),)
        constraints = (
            models.UniqueConstraint(fields=["user", "target_kind", "target_id"], name="one_feedback_per_target"),
            models.CheckConstraint(
                condition=Q(target_kind=TargetKind.MESSAGE, message_id=F("target_id"))
                | (~Q(target_kind=TargetKind.MESSAGE) & Q(message=None)),
                name="feedback_names_its_message",
            ),
        )
