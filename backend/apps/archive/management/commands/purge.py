"""`manage.py purge`: delete what has had its time, now. The gateway does it by itself every hour."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from apps.archive.services.purging import purge_steps
from apps.archive.services.retention import told


class Command(BaseCommand):
    help = "Delete guests who stayed away, ended sessions, and what expired long ago; see docs/archive.md."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = Counter[str]()
        for kind, count in purge_steps():
            deleted[kind] += count
        self.stdout.write(f"Purged: {told(deleted)}.")
