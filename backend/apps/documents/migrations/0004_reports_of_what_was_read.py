"""Documents from before there was an intake report: all of them were read, and their pages say how."""

from django.db import migrations
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce


def _pages(apps, state):
    rows = apps.get_model("documents", "DocumentPage").objects.filter(document=OuterRef("pk"), state=state)
    counted = rows.order_by().values("document").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def report(apps, schema_editor):
    apps.get_model("documents", "Document").objects.update(
        state="ready",
        pages_read=_pages(apps, "read"),
        pages_empty=_pages(apps, "empty"),
        pages_failed=_pages(apps, "failed"),
    )


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0003_ingest"),
    ]

    operations = [
        migrations.RunPython(report, migrations.RunPython.noop),
    ]
