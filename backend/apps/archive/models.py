"""What one of all gateway processes does now and then."""

from django.db import models


class Chore(models.Model):
    """Whoever moves `due_at` on does it this time."""

    name = models.CharField(primary_key=True, max_length=50)
    due_at = models.DateTimeField()  # by the database's clock
