"""The table of the shared cache: limits of sign-in and used one-time codes, for all gateway processes."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS lamla_cache")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_tokens_and_guests")]
    operations = [migrations.RunPython(create, drop)]
