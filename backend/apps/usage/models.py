"""What was used: turns of a minute, tokens and money of a day, and the ledger that says by which answer.

Money is in whole millionths of the operator's currency: `_micros`.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class RateTurn(models.Model):
    """How far a subject has taken turns of one kind ahead of time: the generic cell rate algorithm's one number."""

    rate = models.CharField(max_length=10)  # of services.rates.Rate
    subject = models.CharField(max_length=50)  # see services/subjects.py
    arrival_us = models.BigIntegerField(db_index=True)  # theoretical arrival time, microseconds since 1970

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rate", "subject"], name="one_row_per_rate_and_subject"),)


class DailyUsage(models.Model):
    """What a subject has used on a day (UTC), and what its running answers may use at most."""

    subject = models.CharField(max_length=50)
    day = models.DateField(db_index=True)
    reserved_tokens = models.BigIntegerField(default=0)
    spent_tokens = models.BigIntegerField(default=0)
    reserved_cost_micros = models.BigIntegerField(default=0)
    spent_cost_micros = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "daily usage"
        constraints = (
            models.UniqueConstraint(fields=["subject", "day"], name="one_row_per_subject_and_day"),
            models.CheckConstraint(
                condition=Q(
                    reserved_tokens__gte=0, spent_tokens__gte=0, reserved_cost_micros__gte=0, spent_cost_micros__gte=0
                ),
                name="nothing_is_given_back_twice",
            ),
        )


class Kind(models.TextChoices):
    """What tokens are used for."""

    ANSWER = "answer"
    TITLE = "title"


class EntryState(models.TextChoices):
    RESERVED = "reserved"
    SETTLED = "settled"


class UsageEntry(models.Model):
    """One line of the ledger: what was reserved for an answer, and what it has used."""

    # Of the generation; of anything else an id of its own. No key: the ledger outlives what is deleted.
    generation_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ANSWER)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    subjects = models.JSONField(default=list)  # whose rows of DailyUsage it counts in
    day = models.DateField(db_index=True)  # of its reservation, whenever it ends
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    reserved_tokens = models.BigIntegerField(default=0)  # of the prompt and of `granted_output_tokens`
    granted_output_tokens = models.BigIntegerField(default=0)
    reserved_cost_micros = models.BigIntegerField(default=0)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cost_micros = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=EntryState.choices, default=EntryState.RESERVED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "usage entries"
        indexes = (models.Index(fields=["state", "created_at"], name="usage_entries_by_state"),)
