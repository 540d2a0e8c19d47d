"""Who owns things. A guest is a user without a name, kept by one browser's session."""

from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    is_guest = models.BooleanField(default=False)
