"""An entry of each title and message of before there was an index: without one nothing is found.

A few at a time, each in a transaction of its own, so that whoever writes meanwhile waits for a few alone. Cut short, it
goes on from there when it is run again. The oldest come first, since newer entries are found first.
"""

from itertools import islice

from django.db import migrations, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Left

from apps.chat.search_terms import INDEXED_MAX_CHARS, TEXT, TITLE, key_of, terms_of

AT_ONCE = 500


def _fill(apps, schema_editor):
    conversations, messages = apps.get_model("chat", "Conversation"), apps.get_model("chat", "Message")
    entry = apps.get_model("chat", "SearchEntry")
    titled = entry.objects.filter(conversation=OuterRef("pk"), message=None)
    for some in _parts(conversations._base_manager.filter(~Exists(titled)).order_by("updated_at")):
        with transaction.atomic():
            entry.objects.bulk_create(
                entry(conversation_id=pk, key=key_of(user_id, kind=TITLE), terms=terms_of(title))
                for pk, user_id, title in some.values_list("pk", "user_id", "title")
            )
    known = entry.objects.filter(message=OuterRef("pk"))
    for some in _parts(messages._base_manager.filter(~Exists(known)).order_by("created_at")):
        with transaction.atomic():
            texts = some.values_list("pk", "conversation_id", "user_id", Left("text", INDEXED_MAX_CHARS))
            entry.objects.bulk_create(
                entry(message_id=pk, conversation_id=parent_id, key=key_of(user_id, kind=TEXT), terms=terms_of(text))
                for pk, parent_id, user_id, text in texts
            )


def _parts(rows):
    """The same rows, which nobody adds to, a part at a time."""
    ids = rows.values_list("pk", flat=True).iterator(AT_ONCE)
    while some := list(islice(ids, AT_ONCE)):
        yield rows.filter(pk__in=some)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("chat", "0006_search"),
    ]

    operations = [
        migrations.RunPython(_fill, migrations.RunPython.noop),
    ]
