"""`manage.py invite`: make invitations for SIGNUP=invite."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.accounts.services.invitations import invitation_create


class Command(BaseCommand):
    help = "Make invitations and print their codes, each good for one sign-up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, nargs="?", default=1)
        parser.add_argument("--note", default="", help="for whom they are; shown in the admin")
        parser.add_argument("--days", type=int, default=14, help="how long they are good")

    def handle(self, *args: Any, **options: Any) -> None:
        for _ in range(options["count"]):
            self.stdout.write(invitation_create(note=options["note"], valid_days=options["days"]))
